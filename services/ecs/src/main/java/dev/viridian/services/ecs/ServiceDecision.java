package dev.viridian.services.ecs;

import dev.viridian.engine.Decision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// How many tasks of which workload to start and which to stop.
///
/// Source: ECS Developer Guide, "Rolling update" (minimumHealthyPercent is a floor rounded up, maximumPercent a ceiling rounded down) and "Service
/// scheduler" (an unhealthy task is replaced before it is stopped, where the ceiling allows).
final class ServiceDecision {
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(15);

    private ServiceDecision() {}

    /// The least and the most tasks there may be.
    record Bounds(int floor, int ceiling) {
        static Bounds of(int desired, int minimumPercent, int maximumPercent) {
            return new Bounds(Math.ceilDiv(desired * minimumPercent, 100), desired * maximumPercent / 100);
        }
    }

    /// Keeps one workload, which is nobody's successor, at its number.
    @Decision
    static Moves hold(int desired, Bounds bounds, List<Member> members) {
        return toward(desired, Math.max(desired, bounds.ceiling()) - members.size(), members);
    }

    /// What the newest deployment does while older ones still have tasks.
    @Decision
    static Moves takeOver(int desired, Bounds bounds, List<Member> members, List<Member> older) {
        return toward(desired, bounds.ceiling() - members.size() - older.size(), members);
    }

    /// What the older deployments give up meanwhile: at once what serves nobody, and of the good ones as many as the floor can spare.
    @Decision
    static Moves giveWay(Bounds bounds, List<Member> newest, List<Member> older) {
        List<Moves.Stop> stops = new ArrayList<>();
        older.stream().filter(member -> !member.is(Member.Standing.GOOD)).map(Moves.Stop::of).forEach(stops::add);
        List<Member> good = older.stream().filter(member -> member.is(Member.Standing.GOOD)).toList();
        long healthy = good.size() + newest.stream().filter(member -> member.is(Member.Standing.GOOD)).count();
        long spare = Math.max(0, healthy - bounds.floor());
        good.stream().limit(spare).map(Moves.Stop::of).forEach(stops::add);
        return new Moves(0, stops);
    }

    /// @param room how many more tasks there may be
    private static Moves toward(int desired, int room, List<Member> members) {
        List<Member> counted = members.stream().filter(Member::counts).toList();
        List<Member> bad = members.stream().filter(member -> !member.counts()).toList();
        int missing = Math.max(0, desired - counted.size());
        int start = Math.min(missing, Math.max(0, room));
        List<Moves.Stop> stops = new ArrayList<>(surplus(counted, counted.size() - desired));
        long good = counted.stream().filter(member -> member.is(Member.Standing.GOOD)).count();
        long stoppable = good >= desired ? bad.size() : missing - start;
        bad.stream().limit(stoppable).map(Moves.Stop::of).forEach(stops::add);
        return new Moves(start, stops);
    }

    /// The ones that would be missed least: not up yet, then unproven, then the youngest.
    private static List<Moves.Stop> surplus(List<Member> members, int count) {
        return members.stream()
                .sorted(Comparator.comparing(Member::standing).thenComparing(Member::since, Comparator.reverseOrder()))
                .limit(Math.max(0, count))
                .map(Moves.Stop::of)
                .toList();
    }

    /// Whether exactly the right tasks are there and all of them are good.
    @Decision
    static boolean isSteady(int desired, List<Member> members) {
        return members.size() == desired && members.stream().allMatch(member -> member.is(Member.Standing.GOOD));
    }

    /// Failures in a row before a deployment is given up.
    ///
    /// Source: ECS Developer Guide, "Deployment circuit breaker": half the desired count, at least 3 and at most 200.
    @Decision
    static int breakerThreshold(int desired) {
        return Math.clamp(Math.ceilDiv(desired, 2), 3, 200);
    }

    /// How long to wait before the next try after this many failed starts in a row: short at first, then growing up to a quarter of an hour.
    ///
    /// Source: ECS Developer Guide, "Service throttle logic"; its steps are not published.
    @Decision
    static Duration pauseAfter(int failures) {
        if (failures <= 2) {
            return Duration.ofSeconds(1);
        }
        Duration pause = Duration.ofSeconds(10).multipliedBy(1L << Math.min(failures - 3, 10));
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }
}
