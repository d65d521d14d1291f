package dev.viridian.services.codedeploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.services.codedeploy.world.FakeEcs;
import dev.viridian.services.codedeploy.world.FakeElb;
import dev.viridian.services.codedeploy.world.Killed;
import dev.viridian.services.codedeploy.world.WatchedStore;
import dev.viridian.services.codedeploy.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.codedeploy.model.*;
import software.amazon.awssdk.services.ecs.model.EcsException;

/// Promises that hold in every world: made from a seed, which a failure names. To play one world again: `-Dviridian.seed=...`.
class PropertyTest {
    private static final Duration LONG_ENOUGH = Duration.ofHours(12);

    static List<Long> seeds() {
        return Long.getLong("viridian.seed") != null
                ? List.of(Long.getLong("viridian.seed"))
                : LongStream.rangeClosed(1, 100).boxed().toList();
    }

    /// One random world and everything watched about it.
    private static final class Life {
        final Random random;
        final World world;
        final WatchedStore store;
        final boolean rollsBack;
        final int terminationMinutes;
        final Map<String, Instant> allGreenSince = new HashMap<>();
        int refusals;

        Life(long seed) {
            // neighbouring seeds begin with nearly the same numbers, so they are spread first
            random = new Random(seed * 0x9E3779B97F4A7C15L);
            world = new World(WatchedStore::new);
            store = (WatchedStore) world.store;
            rollsBack = random.nextInt(4) > 0;
            terminationMinutes = random.nextInt(30);
            world.withApplication();
            TrafficRoutingConfig routing = routing();
            world.asUser(() -> world.codeDeploy.createDeploymentConfig(
                    config -> config.deploymentConfigName("random").computePlatform("ECS").trafficRoutingConfig(routing)));
            boolean test = random.nextBoolean();
            int ready = random.nextInt(3) == 0 ? 1 + random.nextInt(60) : 0;
            world.asUser(() -> world.codeDeploy.createDeploymentGroup(World.group()
                    .deploymentConfigName("random")
                    .loadBalancerInfo(test ? World.pair(FakeElb.PRODUCTION, FakeElb.TEST) : World.pair(FakeElb.PRODUCTION))
                    .blueGreenDeploymentConfiguration(World.waits(ready, terminationMinutes))
                    .autoRollbackConfiguration(rollsBack ? World.group().build().autoRollbackConfiguration() : World.noRollback())
                    .build()));
            world.elb.afterChange = this::checkWeights;
            world.ecs.beforeRemoval = this::checkRemoval;
        }

        private TrafficRoutingConfig routing() {
            int percent = 1 + random.nextInt(99);
            int steps = (100 + percent - 1) / percent;
            return switch (random.nextInt(3)) {
                case 0 -> TrafficRoutingConfig.builder().type(TrafficRoutingType.ALL_AT_ONCE).build();
                case 1 -> TrafficRoutingConfig.builder().type(TrafficRoutingType.TIME_BASED_CANARY)
                        .timeBasedCanary(canary -> canary.canaryPercentage(percent).canaryInterval(1 + random.nextInt(20))).build();
                default -> TrafficRoutingConfig.builder().type(TrafficRoutingType.TIME_BASED_LINEAR)
                        .timeBasedLinear(linear -> linear.linearPercentage(percent).linearInterval(1 + random.nextInt(Math.max(1, 60 / steps))))
                                .build();
            };
        }

        /// Weights sum to 100, and a group gets traffic only while a task set stands behind it.
        private void checkWeights() {
            Map<String, Integer> weights = world.elb.weights(FakeElb.PRODUCTION);
            assertThat(weights.values().stream().mapToInt(w -> w).sum()).isEqualTo(100);
            assertThat(world.ecs.alive()).extracting(set -> set.targetGroup).containsAll(world.elb.serving(FakeElb.PRODUCTION).keySet());
            world.elb.serving(FakeElb.PRODUCTION).forEach((group, weight) -> {
                if (weight == 100) {
                    allGreenSince.put(group, world.time.now());
                }
            });
        }

        /// Nothing that gets production traffic is ever taken down.
        private void checkRemoval() {
            Map<String, Integer> serving = world.elb.serving(FakeElb.PRODUCTION);
            assertThat(serving).as("what serves while something is removed").hasSize(1);
            assertThat(world.ecs.alive().stream().filter(set -> serving.containsKey(set.targetGroup)).count()).isPositive();
        }

        void play() {
            String id = world.deploy(request -> random.nextInt(4) == 0 ? request.revision(World.withHooks("AfterInstall", "AfterAllowTraffic"))
                    : request);
            world.ecs.becomesSteady = random.nextInt(8) > 0;
            world.ecs.becomesSteadyAfter = Duration.ofSeconds(random.nextInt(600));
            misfortunes(id);
            advance(LONG_ENOUGH);
            checkEnd(id);
        }

        /// At random moments: an alarm, a stop, a function that reports, a person who continues, services that are away, a process that dies.
        private void misfortunes(String id) {
            if (random.nextInt(3) == 0) {
                world.time.at(soon(), () -> world.cloudWatch.raise("errors"));
            }
            if (random.nextInt(4) == 0) {
                world.time.at(soon(), () -> ifPossible(() -> world.stop(id)));
            }
            for (int i = 0; i < 4; i++) {
                LifecycleEventStatus status = random.nextInt(5) == 0 ? LifecycleEventStatus.FAILED : LifecycleEventStatus.SUCCEEDED;
                world.time.at(soon(), () -> ifPossible(() -> world.report(id, status)));
                world.time.at(soon(), () -> ifPossible(() -> world.proceed(id, DeploymentWaitType.READY_WAIT)));
            }
            if (random.nextInt(3) == 0) {
                Random chance = new Random(random.nextLong());
                world.ecs.faults.sometimes(() -> chance.nextInt(10) == 0, () -> Errors.busy(EcsException.builder()));
            }
            if (random.nextInt(2) == 0) {
                store.dieAt(1 + random.nextInt(100), random.nextBoolean());
            }
        }

        private Instant soon() {
            return world.time.now().plusSeconds(random.nextInt(2 * 3600));
        }

        /// A call that comes at the wrong moment is refused, and that is fine.
        private void ifPossible(Runnable call) {
            store.spare(() -> {
                try {
                    call.run();
                } catch (CodeDeployException | NoSuchElementException refused) {
                    refusals++;
                }
            });
        }

        private void advance(Duration span) {
            Instant until = world.time.now().plus(span);
            while (world.time.now().isBefore(until)) {
                try {
                    world.advance(Duration.between(world.time.now(), until));
                } catch (Killed expected) {
                    world.restart();
                }
            }
        }

        private void checkEnd(String id) {
            DeploymentInfo info = world.info(id);
            assertThat(info.statusAsString()).as("every deployment ends").isIn("Succeeded", "Failed", "Stopped");
            FakeEcs.Set blue = world.ecs.sets.getFirst();
            if (info.status() == DeploymentStatus.SUCCEEDED) {
                assertThat(world.elb.serving(FakeElb.PRODUCTION)).isEqualTo(Map.of(FakeElb.TWO, 100));
                assertThat(world.ecs.primary().targetGroup).isEqualTo(FakeElb.TWO);
                Instant removed = blue.goneAt.minusSeconds(30);
                assertThat(removed).as("blue lives until its wait is over")
                        .isAfterOrEqualTo(allGreenSince.get(FakeElb.TWO).plus(Duration.ofMinutes(terminationMinutes)));
            } else if (rollsBack) {
                assertThat(world.elb.serving(FakeElb.PRODUCTION)).as("all traffic on blue").isEqualTo(Map.of(FakeElb.ONE, 100));
                assertThat(world.ecs.primary()).isSameAs(blue);
                assertThat(world.ecs.alive()).containsExactly(blue);
                assertThat(world.status(info.rollbackInfo().rollbackDeploymentId())).isEqualTo(DeploymentStatus.SUCCEEDED);
            } else {
                assertThat(blue.isAlive()).isTrue();
                assertThat(info.rollbackInfo()).isNull();
            }
            checkSteps(info);
        }

        /// Green's share never falls, except when it goes back to nothing.
        private void checkSteps(DeploymentInfo info) {
            int last = 0;
            for (FakeElb.Change change : world.elb.changes) {
                if (change.listener().equals(FakeElb.PRODUCTION)) {
                    int green = change.weights().get(FakeElb.TWO);
                    assertThat(green == 0 || green > last).as("from %d to %d in %s", last, green, info.deploymentId()).isTrue();
                    last = green;
                }
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void the_promises_hold_in_every_world(long seed) {
        try {
            new Life(seed).play();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("The world of seed " + seed + " broke a promise; play it again with -Dviridian.seed=" + seed, e);
        }
    }
}
