package dev.viridian.app.access;

import dev.viridian.aws.Caller;
import dev.viridian.aws.shapes.Constraints;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.exception.SdkClientException;

/// Wraps a service so that every call passes the same gate, in the same order: a caller is bound, the request is valid, the caller may, no fault is
/// asked for; then the service runs, its errors are completed as the SDK's clients would show them, and the call is recorded.
///
/// The convenience overloads of the SDK's interfaces (consumer builders, paginators) end in the same operations, so they pass the gate too.
public final class Access {
    private final Authorisation authorisation;
    private final Faults faults;
    private final AuditTrail audit;

    public Access(Authorisation authorisation, Faults faults, AuditTrail audit) {
        this.authorisation = authorisation;
        this.faults = faults;
        this.audit = audit;
    }

    /// `service` behind the gate, as one more implementation of its client interface.
    public <C> C before(Class<C> clientInterface, C service) {
        InvocationHandler gate = new Gate<>(clientInterface, service);
        return clientInterface.cast(Proxy.newProxyInstance(clientInterface.getClassLoader(), new Class<?>[] {clientInterface}, gate));
    }

    private final class Gate<C> implements InvocationHandler {
        private final Class<C> clientInterface;
        private final C service;
        private final ErrorDetails errors;

        Gate(Class<C> clientInterface, C service) {
            this.clientInterface = clientInterface;
            this.service = service;
            this.errors = new ErrorDetails(clientInterface);
        }

        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
            if (isOperation(method, arguments)) {
                return operation(method, arguments);
            }
            if (method.isDefault() && isConvenience(method)) {
                return InvocationHandler.invokeDefault(proxy, method, arguments);
            }
            return call(method, arguments);
        }

        private static boolean isOperation(Method method, Object[] arguments) {
            return arguments != null && arguments.length > 0 && arguments[0] instanceof SdkRequest && !method.getName().endsWith("Paginator");
        }

        /// Overloads that build a request and call the operation; `serviceName`, `close` and the like are the service's own.
        private static boolean isConvenience(Method method) {
            return method.getParameterCount() > 0 || method.getName().endsWith("Paginator") || SdkOperations.isNamedLikeOne(method);
        }

        private Object operation(Method method, Object[] arguments) throws Throwable {
            Caller caller = Caller.current();
            SdkRequest request = (SdkRequest) arguments[0];
            String operation = SdkOperations.nameOf(method);
            String outcome = "";
            try {
                Constraints.check(request, clientInterface).ifPresent(violation -> {
                    throw violation;
                });
                authorisation.check(caller, clientInterface, operation, request);
                faults.before(clientInterface, operation);
                return call(method, arguments);
            } catch (AwsServiceException e) {
                AwsServiceException complete = errors.complete(e, caller.requestId());
                outcome = complete.awsErrorDetails().errorCode();
                throw complete;
            } catch (UnsupportedOperationException e) {
                outcome = "NotImplemented";
                throw e;
            } catch (RuntimeException | Error e) {
                outcome = "InternalFailure";
                throw e;
            } finally {
                audit.record(caller, clientInterface, operation, outcome);
            }
        }

        private Object call(Method method, Object[] arguments) throws Throwable {
            try {
                return method.invoke(service, arguments);
            } catch (InvocationTargetException e) {
                if (e.getCause() instanceof SdkClientException wrapped && wrapped.getCause() instanceof AwsServiceException inner) {
                    throw inner;
                }
                throw e.getCause();
            }
        }
    }
}
