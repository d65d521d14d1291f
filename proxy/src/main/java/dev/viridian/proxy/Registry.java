package dev.viridian.proxy;

import static java.util.Objects.requireNonNull;

import dev.viridian.engine.time.Time;
import dev.viridian.proxy.routing.Action;
import dev.viridian.proxy.routing.Listener;
import dev.viridian.proxy.routing.Rule;
import dev.viridian.proxy.routing.RoutingSnapshot;
import dev.viridian.proxy.routing.Target;
import dev.viridian.proxy.routing.TargetGroup;
import dev.viridian.proxy.rules.Matcher;
import dev.viridian.proxy.rules.Rewriting;
import dev.viridian.proxy.tls.TlsContexts;
import dev.viridian.proxy.tls.TlsStock;
import io.netty.handler.ssl.SslContext;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What outlives a snapshot, by its name: counters, targets with their health and claims, whose turn it is. Compiles snapshots to routings. Guarded
/// by the proxy's lock.
final class Registry {
    private record TargetKey(String groupId, Target target) {}

    private final Loops loops;
    private final Time time;
    private final Map<String, ListenerState> listeners = new LinkedHashMap<>();
    private final Map<TargetKey, TargetState> targets = new LinkedHashMap<>();
    private final TlsStock tls = new TlsStock();
    private Map<String, GroupRoute.Turn> turns = Map.of();
    private Map<String, Forwarder> forwarders = Map.of();
    /// What the compilation under way has made, which leaves no trace when it fails.
    private final Map<String, ListenerState> newListeners = new LinkedHashMap<>();
    private final Map<TargetKey, TargetState> newTargets = new LinkedHashMap<>();
    private Map<String, GroupRoute.Turn> nextTurns = Map.of();
    private Map<String, Forwarder> nextForwarders = Map.of();

    Registry(Loops loops, Time time) {
        this.loops = loops;
        this.time = time;
    }

    /// Changes nothing before [#committed].
    ///
    /// @param onRelease called on a loop when a claim on a draining target ends
    /// @throws IllegalArgumentException when something in the snapshot cannot be used
    Routing compile(RoutingSnapshot snapshot, Consumer<TargetState> onRelease) {
        tls.begin();
        newListeners.clear();
        newTargets.clear();
        nextTurns = new HashMap<>();
        nextForwarders = new HashMap<>();
        Map<String, GroupRoute> groups = new HashMap<>();
        for (TargetGroup group : snapshot.groups()) {
            List<TargetState> states = group.targets().stream().map(target -> state(group.id(), target, onRelease)).toList();
            GroupRoute.Turn earlier = turns.get(group.id());
            GroupRoute.Turn turn = earlier != null ? earlier : new GroupRoute.Turn(loops.all().size());
            nextTurns.put(group.id(), turn);
            groups.put(group.id(), new GroupRoute(group, states, turn, time.paced(group.slowStart()).toNanos()));
        }
        Map<PortKey, List<ListenerRoute>> ports = new LinkedHashMap<>();
        for (Listener listener : snapshot.listeners()) {
            ListenerRoute route = route(listener, groups);
            for (String address : listener.addresses()) {
                ports.computeIfAbsent(PortKey.of(listener, address), _ -> new ArrayList<>()).add(route);
            }
        }
        Map<PortKey, PortRoute> compiled = new HashMap<>();
        ports.forEach((key, routes) -> compiled.put(key, new PortRoute(routes, tls(routes))));
        return new Routing(compiled, groups);
    }

    private TargetState state(String groupId, Target target, Consumer<TargetState> onRelease) {
        TargetKey key = new TargetKey(groupId, target);
        TargetState known = targets.get(key);
        return known != null ? known : newTargets.computeIfAbsent(key, _ -> new TargetState(groupId, target, loops.all(), onRelease));
    }

    private ListenerRoute route(Listener listener, Map<String, GroupRoute> groups) {
        ListenerState known = listeners.get(listener.id());
        ListenerState state = known != null ? known
                : newListeners.computeIfAbsent(listener.id(), id -> new ListenerState(id, loops.all().size()));
        List<ListenerRoute.RuleRoute> rules = new ArrayList<>();
        for (Rule rule : listener.rules()) {
            List<Matcher> matchers = rule.conditions().stream().map(Matcher::of).toList();
            ActionRoute action = action(listener.id() + "\n" + rule.id(), rule.action(), Rewriting.of(rule.rewrite()), groups);
            rules.add(new ListenerRoute.RuleRoute(matchers, action));
        }
        return new ListenerRoute(listener, state, rules, action(listener.id(), listener.defaultAction(), null, groups));
    }

    private ActionRoute action(String key, Action action, @Nullable Rewriting rewriting, Map<String, GroupRoute> groups) {
        return switch (action) {
            case Action.Redirect redirect -> new ActionRoute.RedirectRoute(redirect);
            case Action.FixedResponse response -> new ActionRoute.FixedRoute(response);
            case Action.Forward forward -> {
                List<GroupRoute> members = forward.groups().stream().map(member -> requireNonNull(groups.get(member.groupId()))).toList();
                Forwarder forwarder = new Forwarder(forward, members, loops.all().size(), forwarders.get(key));
                nextForwarders.put(key, forwarder);
                yield new ActionRoute.ForwardRoute(forwarder, rewriting);
            }
        };
    }

    private @Nullable TlsContexts tls(List<ListenerRoute> routes) {
        List<Listener> secure = routes.stream().map(ListenerRoute::listener).filter(listener -> listener.tls().isPresent()).toList();
        return secure.isEmpty() ? null : new TlsContexts(secure, tls);
    }

    /// What [#compile] made is in force.
    ///
    /// @return to be released once no loop looks at the routing before
    List<SslContext> committed() {
        listeners.putAll(newListeners);
        targets.putAll(newTargets);
        turns = nextTurns;
        forwarders = nextForwarders;
        return tls.commit();
    }

    /// @return to be released once no loop runs any more
    List<SslContext> close() {
        return tls.close();
    }

    Collection<ListenerState> listeners() {
        return listeners.values();
    }

    /// Present and draining.
    Collection<TargetState> targets() {
        return targets.values();
    }

    void forget(TargetState state) {
        targets.remove(new TargetKey(state.groupId(), state.target()));
    }
}
