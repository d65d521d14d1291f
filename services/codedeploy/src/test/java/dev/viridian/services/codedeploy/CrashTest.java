package dev.viridian.services.codedeploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.aws.shapes.ShapesMapper;
import dev.viridian.engine.store.SqliteStore;
import dev.viridian.engine.store.Store;
import dev.viridian.services.codedeploy.world.FakeElb;
import dev.viridian.services.codedeploy.world.Killed;
import dev.viridian.services.codedeploy.world.WatchedStore;
import dev.viridian.services.codedeploy.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.codedeploy.model.DeploymentWaitType;

/// The process dies at every single durable write, just before it becomes durable or just after, is started again, and comes to the same
/// end.
class CrashTest {

    /// What happens besides the deployment itself: at which minute.
    enum Story {
        LINEAR(_ -> { }),
        ALARM_MID_SHIFT(world -> world.cloudWatch.raise("errors")),
        STOPPED_MID_SHIFT(world -> world.stop(newest(world))),
        ALARM_IN_TERMINATION_WAIT(world -> world.cloudWatch.raise("errors")),
        READY_THEN_CONTINUED(world -> world.proceed(newest(world), DeploymentWaitType.READY_WAIT));

        private final Consumer<World> happening;

        Story(Consumer<World> happening) {
            this.happening = happening;
        }

        long minute() {
            return this == ALARM_IN_TERMINATION_WAIT ? 4 : 2;
        }
    }

    /// What must not depend on where the process died.
    record End(
            List<String> deployments,
            List<String> events,
            Map<String, Integer> production,
            Map<String, Integer> test,
            List<String> alive,
            int sets,
            List<Integer> steps) {}

    @ParameterizedTest
    @EnumSource(Story.class)
    void every_crash_leads_to_the_same_end(Story story) {
        WatchedStore undisturbed = new WatchedStore(store());
        End wanted = play(story, undisturbed, 0, false);
        int writes = undisturbed.writes();
        assertThat(writes).isGreaterThan(20);
        for (int death = 1; death <= writes; death++) {
            check(story, death, false, wanted);
            // what was done before the next write is not done here, so this leaves less behind; every third moment is enough
            if (death % 3 == 0) {
                check(story, death, true, wanted);
            }
        }
    }

    private static void check(Story story, int death, boolean afterCommit, End wanted) {
        End end = play(story, new WatchedStore(store()), death, afterCommit);
        assertThat(end).as("%s, killed %s write %d", story, afterCommit ? "after" : "before", death).isEqualTo(wanted);
    }

    private static Store store() {
        return SqliteStore.inMemory(ShapesMapper.create());
    }

    private static End play(Story story, WatchedStore store, int death, boolean afterCommit) {
        World world = new World(_ -> store);
        world.withApplication();
        world.asUser(() -> world.codeDeploy.createDeploymentConfig(config -> config.deploymentConfigName("quarters").computePlatform("ECS")
                .trafficRoutingConfig(routing -> routing.type("TimeBasedLinear")
                        .timeBasedLinear(linear -> linear.linearPercentage(25).linearInterval(1)))));
        world.asUser(() -> world.codeDeploy.createDeploymentGroup(World.group()
                .deploymentConfigName("quarters")
                .blueGreenDeploymentConfiguration(World.waits(story == Story.READY_THEN_CONTINUED ? 60 : 0, 1))
                .build()));
        world.elb.listeners.put(FakeElb.TEST, List.of(FakeElb.forwardTo(FakeElb.ONE)));
        world.ecs.becomesSteadyAfter = Duration.ofSeconds(6);
        int before = world.elb.changes.size();
        world.deploy();
        Instant happening = world.time.now().plus(Duration.ofMinutes(story.minute()));
        Instant end = world.time.now().plus(Duration.ofMinutes(12));
        if (death > 0) {
            store.dieAt(death, afterCommit);
        }
        advance(world, store, happening);
        store.spare(() -> story.happening.accept(world));
        advance(world, store, end);
        store.dieNever();
        return end(world, before);
    }

    private static void advance(World world, WatchedStore store, Instant until) {
        while (world.time.now().isBefore(until)) {
            try {
                world.advance(Duration.between(world.time.now(), until));
            } catch (Killed expected) {
                restart(world, store);
            }
        }
    }

    private static void restart(World world, WatchedStore store) {
        try {
            world.restart();
        } catch (Killed again) {
            restart(world, store);
        }
    }

    private static End end(World world, int before) {
        List<String> ids = ids(world);
        List<String> deployments = ids.stream()
                .map(id -> world.info(id).creatorAsString() + " " + world.info(id).statusAsString() + " "
                        + (world.info(id).errorInformation() == null ? "" : world.info(id).errorInformation().codeAsString()))
                .toList();
        List<String> events = ids.stream().flatMap(id -> world.events(id).stream()).toList();
        List<Integer> steps = new ArrayList<>(world.elb.changes.stream()
                .skip(before)
                .filter(change -> change.listener().equals(FakeElb.PRODUCTION))
                .map(change -> change.weights().get(FakeElb.TWO))
                .toList());
        return new End(
                deployments, events, world.elb.weights(FakeElb.PRODUCTION), world.elb.weights(FakeElb.TEST),
                world.ecs.alive().stream().map(set -> set.targetGroup + " " + set.status).toList(), world.ecs.sets.size(), steps);
    }

    private static List<String> ids(World world) {
        return world.asUser(() -> world.codeDeploy.listDeployments(request -> request.build()).deployments()).reversed();
    }

    private static String newest(World world) {
        return ids(world).getLast();
    }
}
