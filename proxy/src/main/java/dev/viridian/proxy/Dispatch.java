package dev.viridian.proxy;

import dev.viridian.proxy.http.Deviation;
import dev.viridian.proxy.http.RequestHead;
import dev.viridian.proxy.routing.Action;
import dev.viridian.proxy.routing.ListenerSettings.Strictness;
import dev.viridian.proxy.routing.TargetGroup;
import dev.viridian.proxy.rules.Rewriting;
import dev.viridian.proxy.rules.Rewriting.Rewritten;
import org.jspecify.annotations.Nullable;

/// Where a request goes, before anybody is asked: the rule that holds and its action give a target to try, or an answer of ours. Each [Exchange] has
/// one of these and uses it again and again.
final class Dispatch {
    private static final int MAX_FORWARDED_ADDRESSES = 30;
    private static final int MAX_LOCATION = 8 * 1024;

    private final ClientSide client;
    private final Loop loop;
    private final RequestFlow request;

    private @Nullable GroupRoute group;
    private @Nullable TargetState target;
    private @Nullable Forwarder forwarder;
    private @Nullable Rewritten rewritten;
    private boolean keptByApplication;

    Dispatch(ClientSide client, Loop loop, RequestFlow request) {
        this.client = client;
        this.loop = loop;
        this.request = request;
    }

    /// @param log of this request; null when nobody wants it
    /// @return null when a target is to be tried: [#target] of [#group]
    @Nullable OwnAnswer choose(RequestHead head, ListenerRoute listener, @Nullable ExchangeLog log) {
        rewritten = null;
        if (request.deviation() != Deviation.NONE && tooOdd(listener)) {
            request.endConnection();
            return refusal(listener, 400);
        }
        if (RequestWriter.forwardedAddresses(head) > MAX_FORWARDED_ADDRESSES) {
            return refusal(listener, 463);
        }
        ActionRoute action = listener.choose(loop, head, client.address().bytes());
        if (log != null) {
            log.matched(action);
        }
        return switch (action) {
            case ActionRoute.ForwardRoute(var forward, var rewriting) -> forward(head, listener, forward, rewriting, log);
            case ActionRoute.FixedRoute(var response) -> {
                listener.state().add(loop, ListenerState.FIXED_RESPONSES, 1);
                yield OwnAnswer.fixed(response.status(), response.contentType(), response.body());
            }
            case ActionRoute.RedirectRoute(var redirect) -> redirect(head, listener, redirect, log);
        };
    }

    private boolean tooOdd(ListenerRoute listener) {
        listener.state().add(loop, ListenerState.MALFORMED, 1);
        return listener.settings().strictness() == Strictness.STRICTEST;
    }

    private OwnAnswer refusal(ListenerRoute listener, int status) {
        listener.state().generated(loop, status);
        return OwnAnswer.page(status);
    }

    private OwnAnswer redirect(RequestHead head, ListenerRoute listener, Action.Redirect redirect, @Nullable ExchangeLog log) {
        String location = new Redirects(head, listener, client.localAddress()).location(redirect);
        if (location.length() > MAX_LOCATION) {
            // AWS documents the limit and its metric, but not the answer.
            listener.state().add(loop, ListenerState.ENDLESS_REDIRECTS, 1);
            return refusal(listener, 500);
        }
        listener.state().add(loop, ListenerState.REDIRECTS, 1);
        listener.state().generated(loop, redirect.status());
        if (log != null) {
            log.redirected(location);
        }
        return OwnAnswer.page(redirect.status(), location);
    }

    private @Nullable OwnAnswer forward(RequestHead head, ListenerRoute listener, Forwarder forward, @Nullable Rewriting rewriting,
            @Nullable ExchangeLog log) {
        GroupRoute chosen = forward.choose(loop, head);
        if (log != null && chosen != null) {
            log.group(chosen.group().id());
        }
        TargetState candidate = chosen == null ? null : chosen.choose(loop, head);
        if (chosen == null || candidate == null) {
            return refusal(listener, 503);
        }
        if (!client.translatable(chosen.group().version())) {
            return refusal(listener, 464);
        }
        rewritten = rewriting == null ? null : rewriting.apply(head);
        if (log != null && rewritten != null) {
            log.rewritten(rewritten);
        }
        if (rewritten != null && rewritten.outcome() != Rewriting.Outcome.DONE) {
            return refusal(listener, 500);
        }
        forwarder = forward;
        group = chosen;
        target = candidate;
        keptByApplication = chosen.keepsByApplication(head);
        count(head, listener, chosen, candidate);
        return null;
    }

    private void count(RequestHead head, ListenerRoute listener, GroupRoute chosen, TargetState candidate) {
        ListenerState counted = listener.state();
        counted.add(loop, ListenerState.ROUTED, 1);
        if (chosen.stickiness() != null && !chosen.stuck(head, candidate)) {
            counted.add(loop, ListenerState.UNSTUCK, 1);
        }
        if (chosen.group().version() == TargetGroup.Version.GRPC) {
            counted.add(loop, ListenerState.GRPC_REQUESTS, 1);
        }
        if (head.unusualNames()) {
            counted.add(loop, listener.settings().dropInvalidHeaders() ? ListenerState.HEADERS_DROPPED : ListenerState.HEADERS_FORWARDED, 1);
        }
    }

    /// The group chosen last.
    @Nullable GroupRoute group() {
        return group;
    }

    /// The target of it to be tried first.
    @Nullable TargetState target() {
        return target;
    }

    @Nullable Forwarder forwarder() {
        return forwarder;
    }

    /// What the rule's rewrite made of the request; null when it has none.
    @Nullable Rewritten rewritten() {
        return rewritten;
    }

    /// Whether the client came back by the application's cookie, wherever it was sent then.
    boolean keptByApplication() {
        return keptByApplication;
    }
}
