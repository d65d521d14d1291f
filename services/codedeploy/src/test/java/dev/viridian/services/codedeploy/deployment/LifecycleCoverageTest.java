package dev.viridian.services.codedeploy.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.engine.lifecycle.Lifecycle;
import dev.viridian.services.codedeploy.world.FakeEcs;
import dev.viridian.services.codedeploy.world.FakeElb;
import dev.viridian.services.codedeploy.world.WatchedStore;
import dev.viridian.services.codedeploy.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatch.model.CloudWatchException;
import software.amazon.awssdk.services.codedeploy.model.CreateDeploymentGroupRequest;
import software.amazon.awssdk.services.codedeploy.model.DeploymentWaitType;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.InvalidTargetException;

/// Every row of the lifecycle table is travelled by real deployments, and its picture is fresh.
class LifecycleCoverageTest {
    private static final List<String> HOOKED = List.of("BeforeInstall", "AfterInstall", "AfterAllowTestTraffic", "BeforeAllowTraffic",
            "AfterAllowTraffic");

    private record Leg(Phase from, Phase to) {}

    private final Set<Leg> travelled = new LinkedHashSet<>();

    @Test
    void every_row_is_travelled() {
        goodWays();
        for (Phase phase : DeploymentLifecycle.INTERRUPTIBLE) {
            interrupted(phase, group -> group.autoRollbackConfiguration(World.noRollback()), this::becomeUnreadable);
            interrupted(phase, group -> group.autoRollbackConfiguration(World.noRollback()), world -> world.cloudWatch.raise("errors"));
            interrupted(phase, group -> group, world -> world.cloudWatch.raise("errors"));
        }
        interrupted(Phase.INSTALL, group -> group, this::becomeUnreadable);
        brokenEndings();

        List<Leg> rows = DeploymentLifecycle.TABLE.moves().stream().map(LifecycleCoverageTest::leg).toList();
        assertThat(travelled).containsAll(rows);
        assertThat(rows).as("two rows between the same phases would hide each other").doesNotHaveDuplicates();
    }

    @Test
    void the_picture_in_the_documentation_is_fresh() throws IOException {
        Path picture = repository().resolve("docs/lifecycles/codedeploy-deployment.md");
        String wanted = "# CodeDeploy: a deployment to ECS\n\nDrawn from `DeploymentLifecycle`; do not edit. To draw it again: `mvn -pl"
                + " services/codedeploy test"
                + " -Dtest=LifecycleCoverageTest -Dviridian.draw=true`.\n\n```mermaid\n" + DeploymentLifecycle.TABLE.diagram() + "```\n";
        if (Boolean.getBoolean("viridian.draw")) {
            Files.createDirectories(picture.getParent());
            Files.writeString(picture, wanted);
        }
        assertThat(picture).hasContent(wanted);
    }

    private void goodWays() {
        run(group -> group, _ -> { });
        run(group -> group.loadBalancerInfo(World.pair(FakeElb.PRODUCTION)), _ -> { });
        run(group -> group.blueGreenDeploymentConfiguration(World.waits(0, -1)), _ -> { });
        run(group -> group.blueGreenDeploymentConfiguration(World.waits(600, 5)), LifecycleCoverageTest::proceed);
        run(group -> group.loadBalancerInfo(World.pair(FakeElb.PRODUCTION)).blueGreenDeploymentConfiguration(World.waits(600, 5)),
                LifecycleCoverageTest::proceed);
    }

    private static void proceed(World world) {
        world.minutes(2);
        String id = world.asUser(() -> world.codeDeploy.listDeployments(request -> request.build()).deployments().getFirst());
        world.proceed(id, DeploymentWaitType.READY_WAIT);
    }

    /// Ends whose last acts are refused.
    private void brokenEndings() {
        run(group -> group, world -> {
            world.minutes(2);
            world.ecs.faults.always("updateTaskSet", LifecycleCoverageTest::refused);
        });
        run(group -> group, world -> {
            world.minutes(2);
            world.ecs.faults.always("updateTaskSet", LifecycleCoverageTest::refused);
            world.cloudWatch.raise("errors");
        });
        run(group -> group, world -> {
            world.minutes(2);
            world.elb.faults.always("modifyListener", () -> InvalidTargetException.builder().message("no").build());
            world.cloudWatch.raise("errors");
        });
    }

    private static RuntimeException refused() {
        return InvalidParameterException.builder().message("no").build();
    }

    private void becomeUnreadable(World world) {
        world.cloudWatch.faults.always("describeAlarms", () -> CloudWatchException.builder().message("no").build());
    }

    /// Brings a deployment to rest in `phase`, lets the interruption happen, and follows it to its end.
    private void interrupted(Phase phase, UnaryOperator<CreateDeploymentGroupRequest.Builder> group, Consumer<World> interruption) {
        World world = world();
        world.withGroup(builder -> group.apply(builder)
                .deploymentConfigName("CodeDeployDefault.ECSCanary10Percent15Minutes")
                .blueGreenDeploymentConfiguration(World.waits(phase == Phase.READY ? 600 : 0, 5)));
        String event = phase.event().orElse("");
        if (phase == Phase.CREATED) {
            interruption.accept(world);
        }
        if (phase == Phase.ALLOW_TEST_TRAFFIC) {
            world.elb.afterChange = () -> { };
            stopAt(world, Phase.ALLOW_TEST_TRAFFIC, interruption);
        }
        String id = world.deploy(request -> HOOKED.contains(event) ? request.revision(World.withHooks(event)) : request);
        settleIn(world, id, phase);
        if (phase != Phase.CREATED && phase != Phase.ALLOW_TEST_TRAFFIC) {
            interruption.accept(world);
        }
        world.minutes(180);
        assertThat(world.status(id).toString()).as("a deployment interrupted in " + phase).isIn("Failed", "Stopped");
    }

    private static void settleIn(World world, String id, Phase phase) {
        switch (phase) {
            case CREATED, ALLOW_TEST_TRAFFIC -> { }
            case BEFORE_INSTALL, INSTALL -> world.seconds(10);
            case TERMINATION_WAIT -> world.minutes(18);
            case AFTER_ALLOW_TRAFFIC -> world.minutes(20);
            default -> world.minutes(3);
        }
        assertThat(id).isNotEmpty();
    }

    /// This phase passes within one moment, so the interruption must come from within: when the deployment enters it.
    private void stopAt(World world, Phase phase, Consumer<World> interruption) {
        ((WatchedStore) world.store).onUpdate((before, after) -> {
            note(before, after);
            if (after instanceof Deployment deployment && deployment.phase() == phase) {
                interruption.accept(world);
            }
        });
    }

    private void run(UnaryOperator<CreateDeploymentGroupRequest.Builder> group, Consumer<World> meanwhile) {
        World world = world().withGroup(group);
        world.deploy();
        meanwhile.accept(world);
        world.minutes(180);
        assertThat(world.ecs.sets).extracting((FakeEcs.Set set) -> set.id).doesNotHaveDuplicates();
    }

    private World world() {
        World world = new World(WatchedStore::new);
        ((WatchedStore) world.store).onUpdate(this::note);
        return world;
    }

    private void note(Object before, Object after) {
        if (before instanceof Deployment from && after instanceof Deployment to && from.phase() != to.phase()) {
            travelled.add(new Leg(from.phase(), to.phase()));
        }
    }

    private static Leg leg(Lifecycle.Move<Phase, Event> move) {
        return new Leg(move.from(), move.to());
    }

    private static Path repository() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("services"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
