package dev.viridian.proxy;

import java.util.List;

/// Answers for groups whose targets are functions of somebody else rather than addresses.
@FunctionalInterface
public interface FunctionTargets {
    /// There are none: whoever asks gets 502.
    FunctionTargets NONE = (group, function, request) -> {
        throw new IllegalStateException("nobody calls functions here, so " + function + " of group " + group + " cannot answer");
    };

    /// Called on a virtual thread of its own and may wait. Whatever it throws is answered with 502; how long it may take is the listener's idle
    /// timeout, after which the client gets 504 and nobody listens any more.
    ///
    /// @param group    id of the group
    /// @param function id of the target
    /// @throws NoAnswer when the log is to say why there is none
    Answer call(String group, String function, Request request) throws Exception;

    /// The same for a health check, which no client waits for.
    default Answer check(String group, String function, Request request) throws Exception {
        return call(group, function, request);
    }

    /// It is the proxy that can make no answer of it. Called on a loop, so it must return at once.
    ///
    /// @return what the log is to say of it; empty for nothing
    default String failed(String group, Fault fault) {
        return "";
    }

    enum Fault {
        /// The request is larger than a function may get; the client gets 413.
        REQUEST_TOO_LARGE,
        /// What was answered would not be a message of HTTP; the client gets 502.
        UNFIT_ANSWER,
        /// The listener's idle timeout is over; the client gets 504.
        TOO_SLOW,
        /// So many calls are under way that their requests fill the memory they may take ([Limits#buffered]); the client gets 503.
        TOO_MANY_CALLS
    }

    /// There is no answer, and it is known why.
    final class NoAnswer extends Exception {
        private static final long serialVersionUID = 1L;

        private final String reason;

        /// @param reason for the log, in the words of whoever calls functions
        public NoAnswer(String reason, String message) {
            super(message);
            this.reason = reason;
        }

        public String reason() {
            return reason;
        }
    }

    /// @param path    as the client wrote it, without the query
    /// @param query   likewise, without its question mark; empty for none
    /// @param headers in their order, as they would go to any target; none that concern the connection
    record Request(String method, String path, String query, List<Header> headers, byte[] body) {
        public Request {
            headers = List.copyOf(headers);
        }
    }

    record Header(String name, String value) {}

    /// @param reason  empty for none
    /// @param headers those that frame the body are not passed on: the body is what it is
    record Answer(int status, String reason, List<Header> headers, byte[] body) {
        public Answer {
            headers = List.copyOf(headers);
        }
    }
}
