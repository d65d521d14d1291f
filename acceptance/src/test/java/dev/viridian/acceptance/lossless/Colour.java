package dev.viridian.acceptance.lossless;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/// Two targets of a group, of which the older is replaced again and again: a new one joins, the old one is drained and only then stopped.
final class Colour implements AutoCloseable {
    private final Balancers balancers;
    private final String group;
    private final Supplier<Targets> make;
    private final Deque<Targets> targets = new ArrayDeque<>();

    Colour(Balancers balancers, String group, Supplier<Targets> make) {
        this.balancers = balancers;
        this.group = group;
        this.make = make;
        join();
        join();
    }

    private void join() {
        Targets joining = make.get();
        targets.addLast(joining);
        balancers.register(group, joining);
        balancers.awaitHealthy(group, joining);
    }

    void replaceOne() {
        join();
        Targets leaving = targets.removeFirst();
        balancers.drain(group, leaving);
        leaving.close();
    }

    @Override
    public void close() {
        targets.forEach(Targets::close);
    }
}
