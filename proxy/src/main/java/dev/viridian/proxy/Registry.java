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
    private final Map<String, GroupRoute.Turn> turns = new HashMap<>();
    private final TlsStock tls = new TlsStock();
    private Map<String, Forwarder> forwarders = Map.of();

    Registry(Loops loops, Time time) {
        this.loops = loops;
        this.time = time;
    }

    /// @param onRelease called on a loop when a claim on a draining target ends
    Routing compile(RoutingSnapshot snapshot, Consumer<TargetState> onRelease) {
        tls.begin();
        Map<String, GroupRoute> groups = new HashMap<>();
        for (TargetGroup group : snapshot.groups()) {
            List<TargetState> states = group.targets().stream().map(target -> state(group.id(), target, onRelease)).toList();
            GroupRoute.Turn turn = turns.computeIfAbsent(group.id(), _ -> new GroupRoute.Turn(loops.all().size()));
            groups.put(group.id(), new GroupRoute(group, states, turn, time.paced(group.slowStart()).toNanos()));
        }
        turns.keySet().retainAll(groups.keySet());
        Map<String, Forwarder> earlier = forwarders;
        forwarders = new HashMap<>();
        Map<PortKey, List<ListenerRoute>> ports = new LinkedHashMap<>();
        for (Listener listener : snapshot.listeners()) {
            ListenerRoute route = route(listener, groups, earlier);
            for (String address : listener.addresses()) {
                ports.computeIfAbsent(PortKey.of(listener, address), _ -> new ArrayList<>()).add(route);
            }
        }
        Map<PortKey, PortRoute> compiled = new HashMap<>();
        ports.forEach((key, routes) -> compiled.put(key, new PortRoute(routes, tls(routes))));
        return new Routing(compiled, groups);
    }

    private TargetState state(String groupId, Target target, Consumer<TargetState> onRelease) {
        return targets.computeIfAbsent(new TargetKey(groupId, target), _ -> new TargetState(groupId, target, loops.all(), onRelease));
    }

    private ListenerRoute route(Listener listener, Map<String, GroupRoute> groups, Map<String, Forwarder> earlier) {
        ListenerState state = listeners.computeIfAbsent(listener.id(), id -> new ListenerState(id, loops.all().size()));
        List<ListenerRoute.RuleRoute> rules = new ArrayList<>();
        for (Rule rule : listener.rules()) {
            List<Matcher> matchers = rule.conditions().stream().map(Matcher::of).toList();
            ActionRoute action = action(listener.id() + "\n" + rule.id(), rule.action(), Rewriting.of(rule.rewrite()), groups, earlier);
            rules.add(new ListenerRoute.RuleRoute(matchers, action));
        }
        return new ListenerRoute(listener, state, rules, action(listener.id(), listener.defaultAction(), null, groups, earlier));
    }

    private ActionRoute action(String key, Action action, @Nullable Rewriting rewriting, Map<String, GroupRoute> groups,
            Map<String, Forwarder> earlier) {
        return switch (action) {
            case Action.Redirect redirect -> new ActionRoute.RedirectRoute(redirect);
            case Action.FixedResponse response -> new ActionRoute.FixedRoute(response);
            case Action.Forward forward -> {
                List<GroupRoute> members = forward.groups().stream().map(member -> requireNonNull(groups.get(member.groupId()))).toList();
                Forwarder forwarder = new Forwarder(forward, members, loops.all().size(), earlier.get(key));
                forwarders.put(key, forwarder);
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
