package dev.viridian.proxy;

import dev.viridian.proxy.routing.Action;

/// An action, compiled.
sealed interface ActionRoute {
    record RedirectRoute(Action.Redirect redirect) implements ActionRoute {}

    record FixedRoute(Action.FixedResponse response) implements ActionRoute {}

    record ForwardRoute(Forwarder forwarder) implements ActionRoute {}
}
