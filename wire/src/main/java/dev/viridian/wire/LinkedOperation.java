package dev.viridian.wire;

import dev.viridian.aws.shapes.OperationIndex.Operation;
import dev.viridian.aws.shapes.Shape;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;

/// An operation tied to the method that performs it.
///
/// The method is found by name and type, not by looking through the interface: listing EC2's methods alone would cost more than a whole start.
final class LinkedOperation {
    /// What of an operation does not fit into memory.
    enum Flow { NOTHING, INPUT, OUTPUT }

    private final Operation info;
    private final Shape request;
    private final Flow flow;
    private final MethodHandle method;

    private LinkedOperation(Operation info, Shape request, Flow flow, MethodHandle method) {
        this.info = info;
        this.request = request;
        this.flow = flow;
        this.method = method;
    }

    /// Empty when the SDK's interface has no such method.
    static Optional<LinkedOperation> link(Operation info, Class<?> client, Object implementation) {
        Class<?> request = modelClass(client, info.name() + "Request");
        Class<?> response = modelClass(client, info.name() + "Response");
        if (request == null || response == null) {
            return linkIgnoringCase(info, client, implementation);
        }
        String name = Character.toLowerCase(info.name().charAt(0)) + info.name().substring(1);
        return link(info, client, implementation, name, request, response);
    }

    /// Some names are spelled differently in the SDK (`CreateOpenIDConnectProvider` takes a `CreateOpenIdConnectProviderRequest`), and only looking
    /// tells.
    private static Optional<LinkedOperation> linkIgnoringCase(Operation info, Class<?> client, Object implementation) {
        return Arrays.stream(client.getMethods())
                .filter(method -> method.getName().equalsIgnoreCase(info.name()) && method.getParameterCount() >= 1)
                .filter(method -> method.getParameterTypes()[0].getSimpleName().toLowerCase(Locale.ROOT)
                        .equals(info.name().toLowerCase(Locale.ROOT) + "request"))
                .findFirst()
                .flatMap(method -> link(info, client, implementation, method.getName(), method.getParameterTypes()[0], method.getReturnType()));
    }

    private static Optional<LinkedOperation> link(Operation info, Class<?> client, Object implementation, String name, Class<?> request,
            Class<?> response) {
        Shape shape = Shape.of(request);
        Flow flow = flow(info, shape, Shape.of(response));
        MethodType type = switch (flow) {
            case NOTHING -> MethodType.methodType(response, request);
            case INPUT -> MethodType.methodType(response, request, RequestBody.class);
            case OUTPUT -> MethodType.methodType(Object.class, request, ResponseTransformer.class);
        };
        try {
            MethodHandle method = MethodHandles.publicLookup().findVirtual(client, name, type).bindTo(implementation);
            return Optional.of(new LinkedOperation(info, shape, flow, method.asType(generic(flow))));
        } catch (NoSuchMethodException e) {
            return Optional.empty(); // an event stream: the synchronous interface has no method for it
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("an operation of a public interface is not accessible: " + client.getName() + "." + name, e);
        }
    }

    /// The SDK leaves a payload that flows out of the shape.
    private static Flow flow(Operation info, Shape request, Shape response) {
        if (info.inputPayload() != null && request.member(info.inputPayload()).isEmpty()) {
            return Flow.INPUT;
        }
        return info.outputPayload() != null && response.member(info.outputPayload()).isEmpty() ? Flow.OUTPUT : Flow.NOTHING;
    }

    private static MethodType generic(Flow flow) {
        return switch (flow) {
            case NOTHING -> MethodType.methodType(Object.class, SdkPojo.class);
            case INPUT -> MethodType.methodType(Object.class, SdkPojo.class, RequestBody.class);
            case OUTPUT -> MethodType.methodType(Object.class, SdkPojo.class, ResponseTransformer.class);
        };
    }

    private static @Nullable Class<?> modelClass(Class<?> client, String simpleName) {
        try {
            return Class.forName(client.getPackageName() + ".model." + simpleName, true, client.getClassLoader());
        } catch (ClassNotFoundException e) {
            return null; // spelled differently, or not in this version of the SDK
        }
    }

    Operation info() {
        return info;
    }

    Shape request() {
        return request;
    }

    Flow flow() {
        return flow;
    }

    SdkPojo call(SdkPojo input) throws Throwable {
        return (SdkPojo) (Object) method.invokeExact(input);
    }

    SdkPojo call(SdkPojo input, RequestBody body) throws Throwable {
        return (SdkPojo) (Object) method.invokeExact(input, body);
    }

    Object call(SdkPojo input, ResponseTransformer<?, ?> output) throws Throwable {
        ResponseTransformer<?, ?> raw = output;
        return (Object) method.invokeExact(input, (ResponseTransformer) raw);
    }
}
