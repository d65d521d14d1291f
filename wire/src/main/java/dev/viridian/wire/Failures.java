package dev.viridian.wire;

import dev.viridian.aws.shapes.OperationIndex;
import dev.viridian.aws.shapes.ShapeMismatch;
import dev.viridian.wire.auth.AuthFailure;
import dev.viridian.wire.body.BodyRejected;
import dev.viridian.wire.protocol.AuthStyle;
import dev.viridian.wire.protocol.Failure;
import dev.viridian.wire.protocol.Protocol;
import dev.viridian.wire.protocol.Refusal;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.Optional;
import org.eclipse.jetty.io.EofException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/// Turns whatever went wrong into what the protocol says about it.
final class Failures {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);
    private static final int DEPTH_LIMIT = 20;

    private Failures() {}

    /// @param route null while the request is not understood yet
    static Failure of(Throwable thrown, @Nullable Route route, Protocol protocol, String requestId) {
        Throwable cause = unwrapped(thrown);
        Optional<BodyRejected> rejected = rejection(cause);
        if (rejected.isPresent()) {
            return Failure.of(rejected.get().code(), rejected.get().status(), rejected.get().getMessage());
        }
        return switch (cause) {
            case Refusal refusal -> refusal.failure();
            case AuthFailure auth -> protocol.authStyle().failure(auth);
            case ShapeMismatch mismatch -> mismatch(mismatch, protocol.authStyle());
            case AwsServiceException service when route != null -> service(service, route);
            case UnsupportedOperationException missing when route != null && isUnwritten(missing, route) -> unwritten(route);
            case UnsupportedOperationException missing when isSaid(missing) -> Failure.of("NotImplemented", 501,
                    "Viridian does not implement " + missing.getMessage());
            default -> ours(cause, route, protocol, requestId);
        };
    }

    /// An operation nobody has written. 501 is not retried by the SDKs.
    static Failure unwritten(Route route) {
        return Failure.of("NotImplemented", 501, "Viridian does not implement " + route.endpoint().meta().endpointPrefix() + ":" + route.operation());
    }

    static Failure unknown(Route route) {
        String operation = route.operation();
        return switch (route.protocol().authStyle()) {
            case JSON -> Failure.of("UnknownOperationException", 400, "There is no operation " + operation + " in "
                    + route.endpoint().meta().endpointPrefix());
            case QUERY -> Failure.of("InvalidAction", 400, "Could not find operation " + operation + " for version "
                    + route.endpoint().meta().apiVersion());
            case EC2 -> Failure.of("InvalidAction", 400, "The action " + operation + " is not valid for this web service.");
            case S3 -> Failure.of("MethodNotAllowed", 405, "The specified method is not allowed against this resource.");
        };
    }

    private static Failure mismatch(ShapeMismatch mismatch, AuthStyle style) {
        return switch (style) {
            case JSON -> Failure.of("SerializationException", 400, mismatch.getMessage());
            case QUERY -> Failure.of("MalformedInput", 400, mismatch.getMessage());
            case EC2 -> Failure.of("InvalidParameterValue", 400, mismatch.getMessage());
            case S3 -> mismatch.getMessage().startsWith("The XML") ? Failure.of("MalformedXML", 400, mismatch.getMessage())
                    : Failure.of("InvalidArgument", 400, mismatch.getMessage());
        };
    }

    private static Failure service(AwsServiceException thrown, Route route) {
        String type = thrown.getClass().getSimpleName();
        Optional<OperationIndex.Error> known = OperationIndex.of(route.endpoint().client()).error(type);
        AwsErrorDetails details = thrown.awsErrorDetails();
        String code = details != null && details.errorCode() != null ? details.errorCode() : known.map(OperationIndex.Error::code).orElse(type);
        int status = thrown.statusCode() > 0 ? thrown.statusCode() : known.map(OperationIndex.Error::status).orElse(400);
        String message = details != null && details.errorMessage() != null ? details.errorMessage() : String.valueOf(thrown.getMessage());
        boolean fault = known.map(OperationIndex.Error::fault).orElse(status >= 500);
        return new Failure(code, code, status, message, fault, known.map(_ -> thrown));
    }

    /// A bug of ours, or an outside failure nobody caught: told without details, logged with them.
    private static Failure ours(Throwable cause, @Nullable Route route, Protocol protocol, String requestId) {
        LOG.error("Request {} ({}) failed", requestId, route == null ? "not routed" : route.endpoint().meta().endpointPrefix() + ":"
                + route.operation(), cause);
        String message = "We encountered an internal error. Please try again. (" + cause.getClass().getSimpleName() + ", see the log for request "
                + requestId + ")";
        return Failure.of(protocol.authStyle() == AuthStyle.S3 ? "InternalError" : "InternalFailure", 500, message);
    }

    /// The SDK's default methods throw it themselves; anywhere deeper it is a bug like any other.
    private static boolean isUnwritten(UnsupportedOperationException thrown, Route route) {
        StackTraceElement[] trace = thrown.getStackTrace();
        return trace.length > 0 && trace[0].getClassName().equals(route.endpoint().client().getName());
    }

    /// A service says in words what of an operation it does not do.
    private static boolean isSaid(UnsupportedOperationException thrown) {
        StackTraceElement[] trace = thrown.getStackTrace();
        return thrown.getMessage() != null && trace.length > 0 && trace[0].getClassName().startsWith("dev.viridian.");
    }

    private static Optional<BodyRejected> rejection(Throwable thrown) {
        return inside(thrown, BodyRejected.class);
    }

    /// Whether the client hung up, so that nobody is left to be told.
    static boolean isGone(Throwable thrown) {
        return inside(thrown, EofException.class).isPresent();
    }

    /// Readers of a body may wrap what it threw.
    private static <T extends Throwable> Optional<T> inside(Throwable thrown, Class<T> type) {
        Throwable at = thrown;
        for (int depth = 0; at != null && depth < DEPTH_LIMIT; depth++) {
            if (type.isInstance(at)) {
                return Optional.of(type.cast(at));
            }
            at = at.getCause();
        }
        return Optional.empty();
    }

    /// Without the wrappings of the reflective proxy that may stand before a service.
    private static Throwable unwrapped(Throwable thrown) {
        Throwable at = thrown;
        while ((at instanceof UndeclaredThrowableException || at instanceof InvocationTargetException) && at.getCause() != null) {
            at = at.getCause();
        }
        return at;
    }
}
