package dev.viridian.app.top;

import dev.viridian.services.elbv2.Observed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What happened between two readings of the same server, line by line: each load balancer, below it its listeners, their groups, and their targets.
///
/// @param seconds between the readings
public record Happened(double seconds, List<Row> rows) {
    private static final Observed.ListenerCounts NO_REQUESTS = new Observed.ListenerCounts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    private static final Observed.Counts NO_ANSWERS = new Observed.Counts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, List.of());

    public static Happened between(Observed before, Observed now) {
        double seconds = Math.max(1, now.nanos() - before.nanos()) / 1e9;
        return new Happened(seconds, new Comparison(before, seconds).rows(now));
    }

    /// What is new since the first reading began at nothing.
    private static final class Comparison {
        private final Map<String, Observed.ListenerCounts> listeners = new HashMap<>();
        private final Map<String, Observed.Counts> counts = new HashMap<>();
        private final double seconds;
        private final List<Row> rows = new ArrayList<>();

        Comparison(Observed before, double seconds) {
            this.seconds = seconds;
            for (Observed.Balancer balancer : before.loadBalancers()) {
                for (Observed.Listener listener : balancer.listeners()) {
                    listeners.put(listener.arn(), listener.counts());
                    for (Observed.Group group : listener.groups()) {
                        counts.put(key(listener, group), group.counts());
                        group.targets().forEach(target -> counts.put(key(listener, group) + name(target), target.counts()));
                    }
                }
            }
        }

        private static String key(Observed.Listener listener, Observed.Group group) {
            return listener.arn() + " " + group.arn() + " ";
        }

        private static String name(Observed.Target target) {
            return target.id() + ":" + target.port();
        }

        List<Row> rows(Observed now) {
            now.loadBalancers().forEach(this::balancer);
            return rows;
        }

        private void balancer(Observed.Balancer balancer) {
            Figures.Sum sum = new Figures.Sum();
            balancer.listeners().forEach(listener -> add(sum, listener));
            rows.add(new Row(Row.Kind.BALANCER, balancer.name(), 0, "", "", 0, sum.perSecond(seconds), "", ""));
            balancer.listeners().forEach(listener -> listener(balancer, listener));
        }

        private void add(Figures.Sum sum, Observed.Listener listener) {
            sum.asked(listeners.getOrDefault(listener.arn(), NO_REQUESTS), listener.counts(), listener.protocol().startsWith("HTTP"));
            listener.groups().forEach(group -> sum.answers(counts.getOrDefault(key(listener, group), NO_ANSWERS), group.counts()));
        }

        private void listener(Observed.Balancer balancer, Observed.Listener listener) {
            Figures.Sum sum = new Figures.Sum();
            add(sum, listener);
            String port = listener.bound().substring(listener.bound().lastIndexOf(':') + 1);
            boolean elsewhere = !port.equals(Integer.toString(listener.port()));
            String reason = !elsewhere ? "" : port.isEmpty() ? "its port could not be bound" : "served on port " + port + " instead";
            rows.add(new Row(Row.Kind.LISTENER, balancer.name(), listener.port(), "", "", 0, sum.perSecond(seconds),
                    !elsewhere ? "" : port.isEmpty() ? "closed" : "on " + port, reason));
            listener.groups().forEach(group -> group(balancer, listener, group));
        }

        private void group(Observed.Balancer balancer, Observed.Listener listener, Observed.Group group) {
            long healthy = group.targets().stream().filter(target -> target.state().equals("healthy")).count();
            rows.add(new Row(Row.Kind.GROUP, balancer.name(), listener.port(), group.name(), "", group.share(),
                    figures(counts.getOrDefault(key(listener, group), NO_ANSWERS), group.counts()),
                    group.targets().isEmpty() ? "empty" : healthy + "/" + group.targets().size() + " ok", group.byRules() ? "named by rules" : ""));
            group.targets().forEach(target -> rows.add(new Row(Row.Kind.TARGET, balancer.name(), listener.port(), group.name(), name(target), 0,
                    figures(counts.getOrDefault(key(listener, group) + name(target), NO_ANSWERS), target.counts()), target.state(),
                    target.reason())));
        }

        private Figures figures(Observed.Counts before, Observed.Counts now) {
            Figures.Sum sum = new Figures.Sum();
            sum.sent(before, now);
            sum.answers(before, now);
            return sum.perSecond(seconds);
        }
    }
}
