package dev.viridian.services.codepipeline;

import static dev.viridian.services.codepipeline.World.aPipeline;
import static dev.viridian.services.codepipeline.World.approval;
import static dev.viridian.services.codepipeline.World.build;
import static dev.viridian.services.codepipeline.World.source;
import static dev.viridian.services.codepipeline.World.sourceBuildDeploy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.codebuild.model.EnvironmentVariable;
import software.amazon.awssdk.services.codebuild.model.StartBuildRequest;
import software.amazon.awssdk.services.codebuild.model.StatusType;
import software.amazon.awssdk.services.codedeploy.model.DeploymentStatus;
import software.amazon.awssdk.services.codepipeline.model.ActionExecutionStatus;
import software.amazon.awssdk.services.codepipeline.model.ApprovalAlreadyCompletedException;
import software.amazon.awssdk.services.codepipeline.model.DuplicatedStopRequestException;
import software.amazon.awssdk.services.codepipeline.model.InvalidApprovalTokenException;
import software.amazon.awssdk.services.codepipeline.model.PipelineExecutionNotStoppableException;
import software.amazon.awssdk.services.codepipeline.model.PipelineNameInUseException;
import software.amazon.awssdk.services.codepipeline.model.PipelineNotFoundException;
import software.amazon.awssdk.services.codepipeline.model.StageExecutionStatus;

class CodePipelineTest {
    final World world = new World();
    final World.Neighbours neighbours = world.neighbours;

    @Test
    void creating_a_pipeline_starts_its_first_execution_which_goes_from_source_to_deployment() {
        world.create(sourceBuildDeploy());
        assertThat(world.action("Source").latestExecution().status()).isEqualTo(ActionExecutionStatus.SUCCEEDED);
        assertThat(world.action("Source").currentRevision().revisionId()).isEqualTo("c0ffee");
        assertThat(world.action("Build").latestExecution().status()).isEqualTo(ActionExecutionStatus.IN_PROGRESS);

        buildSucceeds();
        assertThat(neighbours.definitions.getFirst().containerDefinitions().getFirst().image()).isEqualTo("registry/shop:c0ffee");
        assertThat(neighbours.deployments.getFirst().revision().appSpecContent().content())
                .contains("TaskDefinition: arn:aws:ecs:us-east-1:111122223333:task-definition/shop:1");
        assertThat(world.action("Deploy").latestExecution().externalExecutionId()).isEqualTo("d-1");

        deploymentEnds(DeploymentStatus.SUCCEEDED);
        assertThat(world.statuses()).containsExactly("Succeeded");
    }

    @Test
    void a_build_is_told_the_commit_and_reads_and_writes_the_artifact_bucket() {
        world.create(sourceBuildDeploy());

        StartBuildRequest build = neighbours.builds.getFirst();
        assertThat(build.environmentVariablesOverride()).extracting(EnvironmentVariable::name, EnvironmentVariable::value)
                .contains(tuple("CODEBUILD_RESOLVED_SOURCE_VERSION", "c0ffee"), tuple("COMMIT", "c0ffee"));
        assertThat(neighbours.objects).containsKey(build.sourceLocationOverride());
        assertThat(build.artifactsOverride().location()).matches("artifacts/shop/BuildArtif/[A-Z2-7]{7}");
    }

    @Test
    void actions_act_as_the_pipelines_role() {
        world.create(sourceBuildDeploy());
        buildSucceeds();

        assertThat(neighbours.deploymentCallers.getFirst().principal().arn()).matches("arn:aws:sts::111122223333:assumed-role/pipeline/\\d{13}");
    }

    @Test
    void a_failed_build_fails_the_execution_and_says_so_in_codepipelines_words() {
        world.create(sourceBuildDeploy());
        neighbours.finishBuild(StatusType.FAILED);
        world.time.advance(Duration.ofSeconds(10));

        assertThat(world.statuses()).containsExactly("Failed");
        assertThat(world.action("Build").latestExecution().errorDetails().code()).isEqualTo("JobFailed");
        assertThat(world.action("Build").latestExecution().errorDetails().message()).isEqualTo("Build terminated with state: FAILED");
        assertThat(world.stage("Deploy").latestExecution()).isNull();
    }

    @Test
    void a_deployment_stopped_by_an_alarm_fails_the_action_with_the_deployments_message() {
        world.create(sourceBuildDeploy());
        buildSucceeds();
        deploymentEnds(DeploymentStatus.STOPPED);

        assertThat(world.statuses()).containsExactly("Failed");
        assertThat(world.action("Deploy").latestExecution().errorDetails().message()).isEqualTo("One or more alarms have been activated");
    }

    @Test
    void a_branch_that_does_not_exist_is_named() {
        neighbours.heads.clear();
        world.create(sourceBuildDeploy());

        assertThat(world.action("Source").latestExecution().errorDetails().message())
                .isEqualTo("The action failed because no branch named main was found in the selected AWS CodeCommit repository shop. "
                        + "Make sure you are using the correct branch name, and then try again. Error: null");
    }

    @Test
    void a_build_without_a_task_definition_fails_the_deploy_action_before_anything_is_deployed() {
        neighbours.buildOutput.remove("taskdef.json");
        world.create(sourceBuildDeploy());
        buildSucceeds();

        assertThat(world.action("Deploy").latestExecution().errorDetails().code()).isEqualTo("ConfigurationError");
        assertThat(world.action("Deploy").latestExecution().errorDetails().message())
                .isEqualTo("Exception while trying to read the task definition artifact file from: BuildArtifact");
        assertThat(neighbours.deployments).isEmpty();
    }

    @Test
    void a_push_to_the_watched_branch_starts_an_execution_once_and_other_pushes_none() {
        world.create(sourceBuildDeploy());
        world.pipelines.pushed("111122223333", "us-east-1", "shop", "main", "push-1");
        world.pipelines.pushed("111122223333", "us-east-1", "shop", "main", "push-1");
        world.pipelines.pushed("111122223333", "us-east-1", "shop", "topic", "push-2");
        world.pipelines.pushed("111122223333", "eu-west-1", "shop", "main", "push-3");
        world.time.settle();

        assertThat(world.executions()).hasSize(2);
    }

    @Test
    void of_three_executions_that_wait_for_the_build_stage_only_the_newest_is_kept() {
        world.create(sourceBuildDeploy());
        world.startExecution();
        world.startExecution();
        world.startExecution();

        assertThat(world.statuses()).containsExactly("InProgress", "Superseded", "Superseded", "InProgress");
        assertThat(world.stage("Build").inboundExecution().pipelineExecutionId()).isEqualTo(world.executions().getLast());

        buildSucceeds();
        assertThat(neighbours.builds).hasSize(2);
    }

    @Test
    void an_approval_waits_for_its_token_and_lets_the_execution_on() {
        world.create(aPipeline(source(), approval(), build()).build());
        String token = world.action("Approve").latestExecution().token();
        assertThat(neighbours.builds).isEmpty();
        assertThatThrownBy(() -> approve("11111111-1111-1111-1111-111111111111", "Approved")).isInstanceOf(InvalidApprovalTokenException.class);

        approve(token, "Approved");
        assertThat(neighbours.builds).hasSize(1);
        assertThat(world.action("Approve").latestExecution().lastUpdatedBy()).isEqualTo("arn:aws:iam::111122223333:user/kim");
        assertThatThrownBy(() -> approve(token, "Approved")).isInstanceOf(ApprovalAlreadyCompletedException.class);
    }

    @Test
    void a_rejection_fails_the_stage_with_the_reviewers_words() {
        world.create(aPipeline(source(), approval(), build()).build());
        approve(world.action("Approve").latestExecution().token(), "Rejected");

        assertThat(world.stage("Approve").latestExecution().status()).isEqualTo(StageExecutionStatus.FAILED);
        assertThat(world.action("Approve").latestExecution().summary()).isEqualTo("looks bad");
        assertThat(neighbours.builds).isEmpty();
    }

    @Test
    void an_approval_nobody_gives_fails_after_seven_days_even_across_a_restart() {
        world.create(aPipeline(source(), approval(), build()).build());
        world.time.advance(Duration.ofDays(6));
        world.restart();
        assertThat(world.statuses()).containsExactly("InProgress");
        world.time.advance(Duration.ofDays(1));

        assertThat(world.statuses()).containsExactly("Failed");
    }

    @Test
    void a_restart_in_the_middle_follows_the_same_build_and_the_same_deployment() {
        world.create(sourceBuildDeploy());
        world.restart();
        buildSucceeds();
        world.restart();
        deploymentEnds(DeploymentStatus.SUCCEEDED);

        assertThat(world.statuses()).containsExactly("Succeeded");
        assertThat(neighbours.builds).hasSize(1);
        assertThat(neighbours.deployments).hasSize(1);
    }

    @Test
    void a_disabled_transition_holds_executions_back_until_it_is_enabled() {
        world.create(aPipeline(source(), approval(), build()).build());
        world.call(() -> world.pipelines.disableStageTransition(b -> b.pipelineName("shop").stageName("Build").transitionType("Inbound").reason("freeze")));
        approve(world.action("Approve").latestExecution().token(), "Approved");
        assertThat(neighbours.builds).isEmpty();
        assertThat(world.stage("Build").inboundTransitionState().disabledReason()).isEqualTo("freeze");

        world.call(() -> world.pipelines.enableStageTransition(b -> b.pipelineName("shop").stageName("Build").transitionType("Inbound")));
        world.time.settle();
        assertThat(neighbours.builds).hasSize(1);
    }

    @Test
    void stop_and_wait_lets_the_running_action_end_and_a_second_request_is_refused() {
        world.create(sourceBuildDeploy());
        String execution = world.executions().getFirst();
        stop(execution, false);
        assertThat(world.status(execution)).isEqualTo("Stopping");
        assertThatThrownBy(() -> stop(execution, false)).isInstanceOf(DuplicatedStopRequestException.class);

        buildSucceeds();
        assertThat(world.status(execution)).isEqualTo("Stopped");
        assertThat(neighbours.deployments).isEmpty();
        assertThatThrownBy(() -> stop(execution, false)).isInstanceOf(PipelineExecutionNotStoppableException.class);
    }

    @Test
    void abandoning_stops_at_once_and_leaves_the_build_alone() {
        world.create(sourceBuildDeploy());
        String execution = world.executions().getFirst();
        stop(execution, true);

        assertThat(world.status(execution)).isEqualTo("Stopped");
        assertThat(world.action("Build").latestExecution().status()).isEqualTo(ActionExecutionStatus.ABANDONED);
    }

    @Test
    void a_failed_stage_is_tried_again_in_the_same_execution() {
        world.create(sourceBuildDeploy());
        neighbours.finishBuild(StatusType.FAILED);
        world.time.advance(Duration.ofSeconds(10));
        String execution = world.executions().getFirst();

        world.call(() -> world.pipelines.retryStageExecution(b -> b.pipelineName("shop").stageName("Build").pipelineExecutionId(execution).retryMode("FAILED_ACTIONS")));
        world.time.settle();
        assertThat(neighbours.builds).hasSize(2);
        buildSucceeds();
        deploymentEnds(DeploymentStatus.SUCCEEDED);

        assertThat(world.statuses()).containsExactly("Succeeded");
        assertThat(world.call(() -> world.pipelines.listActionExecutions(b -> b.pipelineName("shop"))).actionExecutionDetails()).hasSize(4);
    }

    @Test
    void the_same_client_token_starts_the_same_execution() {
        world.create(sourceBuildDeploy());
        List<String> ids = List.of(startWith("abc"), startWith("abc"), startWith("xyz"));

        assertThat(ids.get(0)).isEqualTo(ids.get(1)).isNotEqualTo(ids.get(2));
    }

    @Test
    void names_are_unique_and_unknown_ones_are_refused() {
        world.create(sourceBuildDeploy());
        assertThatThrownBy(() -> world.create(sourceBuildDeploy())).isInstanceOf(PipelineNameInUseException.class)
                .hasMessageContaining("A pipeline with the name 'shop' already exists in account '111122223333'");
        assertThatThrownBy(() -> world.call(() -> world.pipelines.getPipeline(b -> b.name("other")))).isInstanceOf(PipelineNotFoundException.class)
                .hasMessageContaining("Account '111122223333' does not have a pipeline with name 'other'");
    }

    private void buildSucceeds() {
        neighbours.finishBuild(StatusType.SUCCEEDED);
        world.time.advance(Duration.ofSeconds(10));
    }

    private void deploymentEnds(DeploymentStatus how) {
        neighbours.finishDeployment(how);
        world.time.advance(Duration.ofSeconds(5));
    }

    private void approve(String token, String status) {
        world.call(() -> world.pipelines.putApprovalResult(b -> b.pipelineName("shop").stageName("Approve").actionName("Approve").token(token)
                .result(r -> r.summary("looks " + (status.equals("Approved") ? "good" : "bad")).status(status))));
        world.time.settle();
    }

    private void stop(String execution, boolean abandon) {
        world.call(() -> world.pipelines.stopPipelineExecution(b -> b.pipelineName("shop").pipelineExecutionId(execution).abandon(abandon).reason("enough")));
        world.time.settle();
    }

    private String startWith(String token) {
        return world.call(() -> world.pipelines.startPipelineExecution(b -> b.name("shop").clientRequestToken(token))).pipelineExecutionId();
    }
}
