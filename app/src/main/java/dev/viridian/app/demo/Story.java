package dev.viridian.app.demo;

import dev.viridian.app.Viridian;
import dev.viridian.engine.time.Polling;
import dev.viridian.engine.time.Time;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.services.codedeploy.CodeDeployClient;
import software.amazon.awssdk.services.codedeploy.model.DeploymentInfo;
import software.amazon.awssdk.services.codedeploy.model.DeploymentStatus;
import software.amazon.awssdk.services.codedeploy.model.ECSTarget;
import software.amazon.awssdk.services.codedeploy.model.LifecycleEvent;
import software.amazon.awssdk.services.codedeploy.model.LifecycleEventStatus;
import software.amazon.awssdk.services.codepipeline.CodePipelineClient;
import software.amazon.awssdk.services.codepipeline.model.ActionExecution;
import software.amazon.awssdk.services.codepipeline.model.ActionExecutionStatus;
import software.amazon.awssdk.services.codepipeline.model.StageState;
import software.amazon.awssdk.services.codepipeline.model.StageTransitionType;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupTuple;

/// The plot. Everything in it happens for real; where something does not, [Failed] says what was found instead.
public final class Story {
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Viridian viridian;
    private final Time time;
    private final double pace;
    private final Path folder;
    private final Screen screen;
    private final Stage stage;
    private final CodePipelineClient pipelines;
    private final CodeDeployClient deployments;
    private final List<String> report = new ArrayList<>();

    /// @param folder for the developer's clone
    /// @param pace at which the server runs
    public Story(Viridian viridian, Time time, double pace, Path folder) {
        this.viridian = viridian;
        this.time = time;
        this.pace = pace;
        this.folder = folder;
        this.screen = new Screen(System.out, time);
        this.stage = new Stage(viridian);
        this.pipelines = viridian.client(CodePipelineClient.class);
        this.deployments = viridian.client(CodeDeployClient.class);
    }

    /// @throws Failed when the story did not go as told
    public void tell() {
        Worktree worktree = chapterOne();
        Stage.Balancer balancer = first(worktree);
        try (Visitors visitors = new Visitors(time, balancer.page())) {
            visitors.come();
            green(worktree, balancer, visitors);
            failing(worktree, balancer, visitors);
        }
        conclude(balancer);
    }

    // ---- 1. blue

    private String taskRole = "";
    private String imageRepository = "";

    private Worktree chapterOne() {
        screen.chapter("1. An application behind a load balancer (blue)");
        taskRole = stage.role("ecsTaskExecutionRole", "ecs-tasks.amazonaws.com");
        imageRepository = stage.imageRepository();
        String remote = stage.repositories();
        stage.project(imageRepository, stage.role("codeBuildServiceRole", "codebuild.amazonaws.com"), taskRole);
        var credential = stage.gitUser();
        Worktree worktree = new Worktree(folder, credential.serviceUserName(), credential.servicePassword());
        stage.pipeline(stage.role("codePipelineServiceRole", "codepipeline.amazonaws.com"));
        pipelines.disableStageTransition(b -> b.pipelineName(Stage.NAME).stageName("Deploy").transitionType(StageTransitionType.INBOUND)
                .reason("no service yet"));
        await("the pipeline's first execution ends, for nothing was pushed yet", PATIENCE, () -> pipelines
                .listPipelineExecutions(b -> b.pipelineName(Stage.NAME)).pipelineExecutionSummaries().stream().filter(e -> e.statusAsString().equals("Failed")).findFirst());
        worktree.begin(remote);
        worktree.push();
        screen.step("git push          first commit, page is blue        -> CodeCommit " + Stage.NAME);
        return worktree;
    }

    private Stage.Balancer first(Worktree worktree) {
        String image = firstBuild();
        Stage.Balancer balancer = stage.balancer();
        stage.service(balancer, image, taskRole);
        EcsClient ecs = viridian.client(EcsClient.class);
        await("the service's two tasks run and the page is blue", PATIENCE, () -> {
            var service = ecs.describeServices(b -> b.cluster(Stage.NAME).services(Stage.NAME)).services().getFirst();
            boolean steady = service.runningCount() == 2 && service.taskSets().getFirst().stabilityStatusAsString().equals("STEADY_STATE");
            return steady ? Optional.of(true) : Optional.empty();
        });
        screen.step("ECS               2 tasks run, healthy in target group blue");
        List<String> alarms = stage.alarms(balancer);
        stage.deploymentGroup(balancer, alarms, stage.role("codeDeployServiceRole", "codedeploy.amazonaws.com"));
        screen.step("load balancer     " + balancer.page() + " serves blue, " + balancer.testPage() + " is the test port");
        screen.step("also as           http://" + balancer.balancer().dnsName() + (balancer.page().getPort() < 0 ? "" : ":" + balancer.page().getPort()) + "/");
        return balancer;
    }

    /// The service needs an image before it can exist, and the pipeline's deployment needs the service: so the Deploy stage is held shut while the
    /// pipeline makes the first image.
    private String firstBuild() {
        ActionExecution build = followPipeline(2, "Build");
        if (build.status() != ActionExecutionStatus.SUCCEEDED) {
            throw new Failed("the first build did not succeed");
        }
        String waiting = pipelines.listPipelineExecutions(b -> b.pipelineName(Stage.NAME)).pipelineExecutionSummaries().getFirst().pipelineExecutionId();
        pipelines.stopPipelineExecution(b -> b.pipelineName(Stage.NAME).pipelineExecutionId(waiting).abandon(true).reason("its image starts the service"));
        pipelines.enableStageTransition(b -> b.pipelineName(Stage.NAME).stageName("Deploy").transitionType(StageTransitionType.INBOUND));
        screen.step("ECR               " + imageRepository + ":latest");
        return imageRepository + ":latest";
    }

    // ---- 2. green

    private void green(Worktree worktree, Stage.Balancer balancer, Visitors visitors) {
        screen.chapter("2. A push turns it green: test port first, then a linear shift, bake, blue terminated");
        worktree.edit("index.html", "background-color: blue", "background-color: green");
        worktree.commit("Changed background to green");
        worktree.push();
        screen.step("git push          \"Changed background to green\"");
        String deployment = followPipeline(3, "Deploy").externalExecutionId();
        Outcome outcome = watch(deployment, balancer, visitors, "blue", "green", true);
        if (outcome.status() != DeploymentStatus.SUCCEEDED) {
            throw new Failed("deployment " + deployment + " ended " + outcome.status() + ": " + outcome.message());
        }
        Visitors.Tally served = outcome.served();
        demand(served.lost() == 0, served.lost() + " requests were lost while green took over; the first one: " + visitors.firstLoss());
        demand(served.errors() == 0, served.errors() + " requests were answered with an error while green took over");
        demand(served.blue() > 0 && served.green() > 0, "traffic did not move through both versions: " + served);
        note("good deployment", outcome, served);
    }

    // ---- 3. the bad one

    private void failing(Worktree worktree, Stage.Balancer balancer, Visitors visitors) {
        screen.chapter("3. A push that answers 500: alarm, automatic rollback, traffic back on green");
        worktree.edit("nginx.conf", "try_files $uri $uri/index.html =404;", "return 500;");
        worktree.commit("Returning 500 error");
        worktree.push();
        screen.step("git push          \"Returning 500 error\"");
        String deployment = followPipeline(4, "Deploy").externalExecutionId();
        Outcome outcome = watch(deployment, balancer, visitors, "green", "bad", false);
        if (outcome.status() != DeploymentStatus.STOPPED) {
            throw new Failed("the bad deployment " + deployment + " should have been stopped by its alarm, but ended " + outcome.status() + ": " + outcome.message());
        }
        screen.step("alarm             " + outcome.message());
        String rollback = await("a rollback deployment is made", PATIENCE, () ->
                Optional.ofNullable(info(deployment).rollbackInfo()).map(r -> r.rollbackDeploymentId()));
        DeploymentInfo back = await("the rollback ends", PATIENCE, () -> Optional.of(info(rollback)).filter(i -> isOver(i.status())));
        demand(back.status() == DeploymentStatus.SUCCEEDED, "rollback " + rollback + " ended " + back.status());
        screen.step("rollback          " + rollback + " succeeded, started by " + back.creatorAsString());
        Visitors.Tally after = visitors.tally();
        await("the page is green again", Duration.ofSeconds(30), () -> visitors.tally().since(after).green() > 50 ? Optional.of(true) : Optional.empty());
        Visitors.Tally calm = visitors.tally().since(after);
        demand(calm.errors() == 0, calm.errors() + " requests were still answered with 500 after the rollback");
        Visitors.Tally served = visitors.tally().since(outcome.before());
        demand(served.lost() == 0, served.lost() + " requests were lost around the rollback; the first one: " + visitors.firstLoss());
        demand(served.errors() > 0, "nobody met the bad version, so the alarm cannot have been about it");
        note("bad deployment", outcome, served);
    }

    // ---- watching

    /// @param before what visitors had seen when it began
    private record Outcome(String deployment, DeploymentStatus status, String message, Visitors.Tally before, Visitors.Tally served, double from, double to) {}

    /// Prints what the stages of the n-th execution do until an action of `goal` has succeeded, or started something of its own, and returns that action.
    private ActionExecution followPipeline(int execution, String goal) {
        Set<String> told = new HashSet<>();
        return await("the pipeline's " + goal + " stage is reached", PATIENCE, () -> {
            var executions = pipelines.listPipelineExecutions(b -> b.pipelineName(Stage.NAME)).pipelineExecutionSummaries();
            return executions.size() < execution ? Optional.empty() : tellStages(executions.getFirst().pipelineExecutionId(), told, goal);
        });
    }

    private Optional<ActionExecution> tellStages(String execution, Set<String> told, String goal) {
        for (StageState state : pipelines.getPipelineState(b -> b.name(Stage.NAME)).stageStates()) {
            boolean ours = state.latestExecution() != null && state.latestExecution().pipelineExecutionId().equals(execution);
            ActionExecution action = ours ? state.actionStates().getFirst().latestExecution() : null;
            if (action == null) {
                return Optional.empty();
            }
            if (told.add(state.stageName() + action.statusAsString())) {
                screen.step("CodePipeline      " + state.stageName() + " " + action.statusAsString() + (action.summary() == null ? "" : ": " + action.summary()));
            }
            if (action.status() == ActionExecutionStatus.FAILED) {
                throw new Failed("the pipeline's " + state.stageName() + " action failed: " + action.errorDetails().message());
            }
            boolean reached = action.status() == ActionExecutionStatus.SUCCEEDED || goal.equals("Deploy") && action.externalExecutionId() != null;
            if (state.stageName().equals(goal) && reached) {
                return Optional.of(action);
            }
        }
        return Optional.empty();
    }

    private Outcome watch(String deployment, Stage.Balancer balancer, Visitors visitors, String left, String right, boolean good) {
        Visitors.Tally before = visitors.tally();
        double from = screen.seconds();
        Set<String> told = new HashSet<>();
        DeploymentInfo info = await("deployment " + deployment + " ends", PATIENCE.plus(Duration.ofMillis((long) (30 * 60_000 / pace))), () -> {
            tellEvents(deployment, told, balancer, good);
            int onReplacement = weight(balancer, good ? balancer.green() : balancer.blue());
            screen.live(deployment + onReplacement, onReplacement, left, right, visitors.tally().since(before));
            return Optional.of(info(deployment)).filter(i -> isOver(i.status()));
        });
        String message = info.errorInformation() == null ? "" : info.errorInformation().message();
        screen.step("CodeDeploy        " + deployment + " " + info.statusAsString());
        return new Outcome(deployment, info.status(), message, before, visitors.tally().since(before), from, screen.seconds());
    }

    private void tellEvents(String deployment, Set<String> told, Stage.Balancer balancer, boolean good) {
        if (info(deployment).status() == DeploymentStatus.CREATED || info(deployment).status() == DeploymentStatus.QUEUED) {
            return;
        }
        String target = deployments.listDeploymentTargets(b -> b.deploymentId(deployment)).targetIds().getFirst();
        ECSTarget ecs = deployments.getDeploymentTarget(b -> b.deploymentId(deployment).targetId(target)).deploymentTarget().ecsTarget();
        for (LifecycleEvent event : ecs.lifecycleEvents()) {
            boolean over = event.status() != LifecycleEventStatus.PENDING && event.status() != LifecycleEventStatus.IN_PROGRESS && event.status() != LifecycleEventStatus.SKIPPED;
            if (over && told.add(event.lifecycleEventName())) {
                screen.step(String.format("%-17s %s %s", "CodeDeploy", event.lifecycleEventName(), event.statusAsString()));
                if (event.lifecycleEventName().equals("AllowTestTraffic") && event.status() == LifecycleEventStatus.SUCCEEDED) {
                    tellTestPort(balancer, good);
                }
            }
        }
        if (Boolean.TRUE.equals(info(deployment).instanceTerminationWaitTimeStarted()) && told.add("termination wait")) {
            screen.step("CodeDeploy        all traffic is on the new version; the old one is kept for 5 configured minutes, then terminated");
        }
    }

    private void tellTestPort(Stage.Balancer balancer, boolean good) {
        Page seen = Page.load(balancer.testPage());
        boolean right = good ? seen.body().contains("background-color: green") : seen.status() == 500;
        screen.step("test port         " + balancer.testPage() + " answers " + seen.status() + (good && right ? ", green" : ""));
        demand(right, "the test port should show the new version, but answered " + seen.status() + ": " + seen.body().strip());
    }

    private int weight(Stage.Balancer balancer, TargetGroup group) {
        var action = viridian.client(ElasticLoadBalancingV2Client.class).describeListeners(b -> b.listenerArns(balancer.prodListener())).listeners().getFirst().defaultActions().getFirst();
        List<TargetGroupTuple> groups = action.forwardConfig() == null ? List.of() : action.forwardConfig().targetGroups();
        int all = groups.stream().mapToInt(g -> g.weight() == null ? 1 : g.weight()).sum();
        int ours = groups.stream().filter(g -> g.targetGroupArn().equals(group.targetGroupArn())).mapToInt(g -> g.weight() == null ? 1 : g.weight()).sum();
        return all == 0 ? 0 : ours * 100 / all;
    }

    private DeploymentInfo info(String deployment) {
        return deployments.getDeployment(b -> b.deploymentId(deployment)).deploymentInfo();
    }

    private static boolean isOver(DeploymentStatus status) {
        return status == DeploymentStatus.SUCCEEDED || status == DeploymentStatus.FAILED || status == DeploymentStatus.STOPPED;
    }

    // ---- the end

    private void note(String which, Outcome outcome, Visitors.Tally served) {
        report.add(String.format("  %-16s %s  %-9s  from %5.1f s to %5.1f s   %6d requests: %d blue, %d green, %d answered 500, %d lost", which, outcome.deployment(),
                outcome.status(), outcome.from(), outcome.to(), served.sent(), served.blue(), served.green(), served.errors(), served.lost()));
    }

    private void conclude(Stage.Balancer balancer) {
        EcsClient ecs = viridian.client(EcsClient.class);
        await("only the green tasks are left", PATIENCE, () -> {
            var sets = ecs.describeServices(b -> b.cluster(Stage.NAME).services(Stage.NAME)).services().getFirst().taskSets();
            return sets.stream().mapToInt(s -> s.runningCount()).sum() == 2 ? Optional.of(true) : Optional.empty();
        });
        screen.chapter("What happened");
        report.forEach(screen::plain);
        screen.plain(String.format("  In all %.1f s at pace %s: a configured minute passed in %.1f s.", screen.seconds(), pace == Math.rint(pace) ? String.valueOf((long) pace) : String.valueOf(pace), 60 / pace));
        screen.chapter("Try next");
        screen.plain("  ./viridian up                      the server, for yourself; then: eval \"$(./viridian env)\"");
        screen.plain("  aws codepipeline list-pipelines    and every other command of the walkthroughs");
        screen.plain("  ./viridian demo --pace 1           the same in real time, as AWS would take it");
        screen.plain("  ./viridian demo --keep             stay up at the end and look around");
    }

    private static void demand(boolean so, String otherwise) {
        if (!so) {
            throw new Failed(otherwise);
        }
    }

    private static <T> T await(String what, Duration limit, Supplier<Optional<T>> look) {
        return Polling.until(LOOK, limit, look).orElseThrow(() -> new Failed("waited " + limit.toSeconds() + " s in vain until " + what));
    }
}
