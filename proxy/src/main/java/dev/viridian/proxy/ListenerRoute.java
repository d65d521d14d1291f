package dev.viridian.proxy;

import dev.viridian.proxy.http.Ascii;
import dev.viridian.proxy.http.RequestHead;
import dev.viridian.proxy.routing.Listener;
import dev.viridian.proxy.routing.ListenerSettings;
import dev.viridian.proxy.rules.Matcher;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A listener, compiled: its rules as matchers, its settings as numbers.
final class ListenerRoute {
    /// @param matchers all must hold
    record RuleRoute(List<Matcher> matchers, ActionRoute action) {
        boolean holds(RequestHead head, byte[] source) {
            for (Matcher matcher : matchers) {
                if (!matcher.holds(head, source)) {
                    return false;
                }
            }
            return true;
        }
    }

    /// How many rules a request may be held against before the further ones are counted apart: so many are free with AWS.
    static final int FIRST_EVALUATIONS = 10;

    private final Listener listener;
    private final ListenerState state;
    private final RuleRoute[] rules;
    private final ActionRoute defaultAction;
    private final long idleNanos;
    private final long keepAliveNanos;
    private final byte[] forwardedTail;
    private final boolean usualPort;
    private final byte[] portSuffix;
    private final boolean logsRequests;
    private final boolean namesServer;
    private final @Nullable TlsHeaders tlsHeaders;
    private final @Nullable AnswerHeaders answerHeaders;

    ListenerRoute(Listener listener, ListenerState state, List<RuleRoute> rules, ActionRoute defaultAction) {
        this.listener = listener;
        this.state = state;
        this.rules = rules.toArray(RuleRoute[]::new);
        this.defaultAction = defaultAction;
        this.idleNanos = listener.settings().idleTimeout().toNanos();
        this.keepAliveNanos = listener.settings().clientKeepAlive().toNanos();
        String scheme = listener.protocol().secure() ? "https" : "http";
        this.forwardedTail = Ascii.bytes("X-Forwarded-Proto: " + scheme + "\r\nX-Forwarded-Port: " + listener.port() + "\r\n");
        this.usualPort = listener.port() == 80 || listener.port() == 443;
        this.portSuffix = Ascii.bytes(":" + listener.port());
        this.logsRequests = listener.settings().logging().requests();
        this.namesServer = listener.settings().headers().namesServer();
        this.tlsHeaders = listener.settings().headers().tls().map(TlsHeaders::new).orElse(null);
        this.answerHeaders = AnswerHeaders.of(listener.settings().headers());
    }

    ActionRoute choose(Loop loop, RequestHead head, byte[] source) {
        for (int i = 0; i < rules.length; i++) {
            if (rules[i].holds(head, source)) {
                evaluated(loop, i + 1);
                return rules[i].action();
            }
        }
        if (rules.length > 0) {
            evaluated(loop, rules.length);
        }
        return defaultAction;
    }

    private void evaluated(Loop loop, int evaluations) {
        state.add(loop, ListenerState.RULE_EVALUATIONS, evaluations);
        if (evaluations > FIRST_EVALUATIONS) {
            state.add(loop, ListenerState.FURTHER_EVALUATIONS, evaluations - FIRST_EVALUATIONS);
        }
    }

    /// The priority of the rule whose action this is; 0 for the default action.
    int priorityOf(ActionRoute action) {
        for (int i = 0; i < rules.length; i++) {
            if (rules[i].action() == action) {
                return listener.rules().get(i).priority();
            }
        }
        return 0;
    }

    /// Whether requests are to be logged.
    boolean logsRequests() {
        return logsRequests;
    }

    ActionRoute defaultAction() {
        return defaultAction;
    }

    Listener listener() {
        return listener;
    }

    ListenerState state() {
        return state;
    }

    ListenerSettings settings() {
        return listener.settings();
    }

    long idleNanos() {
        return idleNanos;
    }

    long keepAliveNanos() {
        return keepAliveNanos;
    }

    /// `X-Forwarded-Proto` and `-Port`, two whole lines.
    byte[] forwardedTail() {
        return forwardedTail;
    }

    /// On 80 and 443 a port in `Host` is removed, elsewhere it is made explicit.
    boolean usualPort() {
        return usualPort;
    }

    /// `:` and the listener's port.
    byte[] portSuffix() {
        return portSuffix;
    }

    /// Whether answers of our own say who we are.
    boolean namesServer() {
        return namesServer;
    }

    /// Null when targets are not told about the client's TLS.
    @Nullable TlsHeaders tlsHeaders() {
        return tlsHeaders;
    }

    /// Null when answers stay as they are.
    @Nullable AnswerHeaders answerHeaders() {
        return answerHeaders;
    }
}
