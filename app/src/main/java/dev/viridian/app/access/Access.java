package dev.viridian.app.access;

import dev.viridian.aws.Caller;
import dev.viridian.aws.shapes.Constraints;
import java.lang.reflect.Method;
import java.util.List;
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
        List<Method> methods = GateClass.writtenBy(service.getClass(), clientInterface);
        return GateClass.stand(clientInterface, service, methods, new Gate(clientInterface, methods));
    }

    private final class Gate implements GateClass.Passage {
        private final Class<?> clientInterface;
        private final ErrorDetails errors;
        /// By number; empty for what is no operation, such as `serviceName`.
        private final List<String> operations;

        Gate(Class<?> clientInterface, List<Method> methods) {
            this.clientInterface = clientInterface;
            this.errors = new ErrorDetails(clientInterface);
            this.operations = methods.stream().map(SdkOperations::operation).toList();
        }

        @Override
        public Object pass(GateClass.Gated gated, int number, Object[] arguments) {
            String operation = operations.get(number);
            if (operation.isEmpty()) {
                return gated.call(number, arguments);
            }
            Caller caller = Caller.current();
            SdkRequest request = (SdkRequest) arguments[0];
            String outcome = "";
            try {
                Constraints.check(request, clientInterface).ifPresent(violation -> {
                    throw violation;
                });
                authorisation.check(caller, clientInterface, operation, request);
                faults.before(clientInterface, operation);
                return call(gated, number, arguments);
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

        /// What is thrown while an answer is written out comes wrapped by the SDK's transformers.
        private static Object call(GateClass.Gated gated, int number, Object[] arguments) {
            try {
                return gated.call(number, arguments);
            } catch (SdkClientException e) {
                if (e.getCause() instanceof AwsServiceException inner) {
                    throw inner;
                }
                throw e;
            }
        }
    }
}
