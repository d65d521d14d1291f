package dev.viridian.proxy;

import dev.viridian.proxy.routing.Action;
import dev.viridian.proxy.rules.Rewriting;
import org.jspecify.annotations.Nullable;

/// An action, compiled.
sealed interface ActionRoute {
    record RedirectRoute(Action.Redirect redirect) implements ActionRoute {}

    record FixedRoute(Action.FixedResponse response) implements ActionRoute {}

    /// @param rewriting null for none
    record ForwardRoute(Forwarder forwarder, @Nullable Rewriting rewriting) implements ActionRoute {}
}
