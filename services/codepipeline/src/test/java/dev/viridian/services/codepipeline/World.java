package dev.viridian.services.codepipeline;

import dev.viridian.aws.AwsErrors;
import dev.viridian.aws.Caller;
import dev.viridian.aws.Principal;
import dev.viridian.aws.shapes.ShapesMapper;
import dev.viridian.engine.store.SqliteStore;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.time.VirtualTime;
import dev.viridian.engine.work.Work;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.codebuild.CodeBuildClient;
import software.amazon.awssdk.services.codebuild.model.BatchGetBuildsRequest;
import software.amazon.awssdk.services.codebuild.model.BatchGetBuildsResponse;
import software.amazon.awssdk.services.codebuild.model.Build;
import software.amazon.awssdk.services.codebuild.model.StartBuildRequest;
import software.amazon.awssdk.services.codebuild.model.StartBuildResponse;
import software.amazon.awssdk.services.codebuild.model.StatusType;
import software.amazon.awssdk.services.codecommit.CodeCommitClient;
import software.amazon.awssdk.services.codecommit.model.BranchDoesNotExistException;
import software.amazon.awssdk.services.codecommit.model.GetBranchRequest;
import software.amazon.awssdk.services.codecommit.model.GetBranchResponse;
import software.amazon.awssdk.services.codecommit.model.GetCommitRequest;
import software.amazon.awssdk.services.codecommit.model.GetCommitResponse;
import software.amazon.awssdk.services.codedeploy.CodeDeployClient;
import software.amazon.awssdk.services.codedeploy.model.CreateDeploymentRequest;
import software.amazon.awssdk.services.codedeploy.model.CreateDeploymentResponse;
import software.amazon.awssdk.services.codedeploy.model.DeploymentInfo;
import software.amazon.awssdk.services.codedeploy.model.DeploymentStatus;
import software.amazon.awssdk.services.codedeploy.model.GetDeploymentRequest;
import software.amazon.awssdk.services.codedeploy.model.GetDeploymentResponse;
import software.amazon.awssdk.services.codedeploy.model.ListDeploymentsRequest;
import software.amazon.awssdk.services.codedeploy.model.ListDeploymentsResponse;
import software.amazon.awssdk.services.codepipeline.model.ActionDeclaration;
import software.amazon.awssdk.services.codepipeline.model.ActionState;
import software.amazon.awssdk.services.codepipeline.model.PipelineDeclaration;
import software.amazon.awssdk.services.codepipeline.model.StageDeclaration;
import software.amazon.awssdk.services.codepipeline.model.StageState;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionResponse;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleResponse;
import software.amazon.awssdk.services.sts.model.StsException;

/// A pipeline service on virtual time between small scripted neighbours, which remember what they were asked.
final class World {
    static final String ROLE = "arn:aws:iam::111122223333:role/pipeline";
    static final Caller USER = new Caller("111122223333", "us-east-1", new Principal.User("111122223333", "kim", "AIDAKIM"), "r-1");

    final Store store = SqliteStore.inMemory(ShapesMapper.create());
    final VirtualTime time = new VirtualTime();
    final Neighbours neighbours = new Neighbours();
    Work work;
    CodePipeline pipelines;

    World() {
        start();
    }

    /// A new process over the same store; the neighbours go on living.
    void restart() {
        work.close();
        start();
    }

    private void start() {
        work = new Work(store, time, Runnable::run);
        pipelines = new CodePipeline(store, work, time, new CodePipeline.Providers(neighbours.sts, neighbours.codecommit, neighbours::archive, neighbours.codebuild,
                neighbours.codedeploy, neighbours.ecs, neighbours.s3, ShapesMapper.create()));
        work.start();
    }

    <R> R call(Supplier<R> body) {
        return Caller.get(USER, body);
    }

    void create(PipelineDeclaration declaration) {
        call(() -> pipelines.createPipeline(b -> b.pipeline(declaration)));
        time.settle();
    }

    String startExecution() {
        String id = call(() -> pipelines.startPipelineExecution(b -> b.name("shop"))).pipelineExecutionId();
        time.settle();
        return id;
    }

    String status(String execution) {
        return call(() -> pipelines.getPipelineExecution(b -> b.pipelineName("shop").pipelineExecutionId(execution))).pipelineExecution().statusAsString();
    }

    /// Of all executions, oldest first.
    List<String> statuses() {
        return call(() -> pipelines.listPipelineExecutions(b -> b.pipelineName("shop"))).pipelineExecutionSummaries().reversed().stream()
                .map(s -> s.statusAsString()).toList();
    }

    List<String> executions() {
        return call(() -> pipelines.listPipelineExecutions(b -> b.pipelineName("shop"))).pipelineExecutionSummaries().reversed().stream()
                .map(s -> s.pipelineExecutionId()).toList();
    }

    StageState stage(String name) {
        return call(() -> pipelines.getPipelineState(b -> b.name("shop"))).stageStates().stream().filter(s -> s.stageName().equals(name)).findFirst().orElseThrow();
    }

    ActionState action(String stage) {
        return stage(stage).actionStates().getFirst();
    }

    static PipelineDeclaration.Builder aPipeline(StageDeclaration... stages) {
        return PipelineDeclaration.builder().name("shop").roleArn(ROLE).artifactStore(s -> s.type("S3").location("artifacts")).stages(stages);
    }

    static PipelineDeclaration sourceBuildDeploy() {
        return aPipeline(source(), build(), deploy()).build();
    }

    static StageDeclaration stage(String name, ActionDeclaration... actions) {
        return StageDeclaration.builder().name(name).actions(actions).build();
    }

    static StageDeclaration source() {
        return stage("Source", ActionDeclaration.builder().name("Source").actionTypeId(t -> t.category("Source").owner("AWS").provider("CodeCommit").version("1"))
                .configuration(Map.of("RepositoryName", "shop", "BranchName", "main")).namespace("SourceVariables").outputArtifacts(a -> a.name("SourceArtifact")).build());
    }

    static StageDeclaration build() {
        return stage("Build", ActionDeclaration.builder().name("Build").actionTypeId(t -> t.category("Build").owner("AWS").provider("CodeBuild").version("1"))
                .configuration(Map.of("ProjectName", "shop", "EnvironmentVariables", "[{\"name\":\"COMMIT\",\"value\":\"#{SourceVariables.CommitId}\"}]"))
                .inputArtifacts(a -> a.name("SourceArtifact")).outputArtifacts(a -> a.name("BuildArtifact")).build());
    }

    static StageDeclaration deploy() {
        return stage("Deploy", ActionDeclaration.builder().name("Deploy").actionTypeId(t -> t.category("Deploy").owner("AWS").provider("CodeDeployToECS").version("1"))
                .configuration(Map.of("ApplicationName", "shop", "DeploymentGroupName", "shop", "TaskDefinitionTemplateArtifact", "BuildArtifact",
                        "AppSpecTemplateArtifact", "BuildArtifact", "Image1ArtifactName", "BuildArtifact", "Image1ContainerName", "IMAGE_URL"))
                .inputArtifacts(a -> a.name("BuildArtifact")).build());
    }

    static StageDeclaration approval() {
        return stage("Approve", ActionDeclaration.builder().name("Approve").actionTypeId(t -> t.category("Approval").owner("AWS").provider("Manual").version("1")).build());
    }

    /// The services around the pipeline.
    static final class Neighbours {
        final Map<String, byte[]> objects = new HashMap<>();
        final Map<String, String> heads = new HashMap<>(Map.of("main", "c0ffee"));
        final Map<String, String> buildOutput = new LinkedHashMap<>(Map.of(
                "taskdef.json", "{\"family\":\"shop\",\"containerDefinitions\":[{\"name\":\"web\",\"image\":\"<IMAGE_URL>\",\"essential\":true}]}",
                "appspec.yaml", "version: 0.0\nResources:\n  - TargetService:\n      Properties:\n        TaskDefinition: <TASK_DEFINITION>\n",
                "imageDetail.json", "{\"ImageURI\":\"registry/shop:c0ffee\"}"));
        final List<StartBuildRequest> builds = new ArrayList<>();
        final Map<String, StatusType> buildStatus = new LinkedHashMap<>();
        final List<CreateDeploymentRequest> deployments = new ArrayList<>();
        final Map<String, DeploymentStatus> deploymentStatus = new LinkedHashMap<>();
        final List<RegisterTaskDefinitionRequest> definitions = new ArrayList<>();
        final List<Caller> deploymentCallers = new ArrayList<>();

        void archive(String repository, String commit, Path target) throws IOException {
            Files.write(target, zip(Map.of("commit", commit)));
        }

        /// What a build does that succeeds: its files lie where the artifacts override says.
        void finishBuild(StatusType how) {
            StartBuildRequest request = builds.getLast();
            objects.put(request.artifactsOverride().location(), zip(buildOutput));
            buildStatus.put("shop:" + builds.size(), how);
        }

        void finishDeployment(DeploymentStatus how) {
            deploymentStatus.put("d-" + deployments.size(), how);
        }

        final CodeCommitClient codecommit = new CodeCommitClient() {
            @Override
            public GetBranchResponse getBranch(GetBranchRequest request) {
                String head = heads.get(request.branchName());
                if (head == null) {
                    throw BranchDoesNotExistException.builder().message("no such branch").build();
                }
                return GetBranchResponse.builder().branch(b -> b.branchName(request.branchName()).commitId(head)).build();
            }

            @Override
            public GetCommitResponse getCommit(GetCommitRequest request) {
                return GetCommitResponse.builder().commit(c -> c.commitId(request.commitId()).message("Paint it green\n").author(a -> a.date("1767268800 +0900"))).build();
            }

            @Override
            public String serviceName() {
                return "codecommit";
            }

            @Override
            public void close() {}
        };

        final CodeBuildClient codebuild = new CodeBuildClient() {
            @Override
            public StartBuildResponse startBuild(StartBuildRequest request) {
                for (int i = 0; i < builds.size(); i++) {
                    if (builds.get(i).idempotencyToken().equals(request.idempotencyToken())) {
                        return answer("shop:" + (i + 1));
                    }
                }
                builds.add(request);
                buildStatus.put("shop:" + builds.size(), StatusType.IN_PROGRESS);
                return answer("shop:" + builds.size());
            }

            private StartBuildResponse answer(String id) {
                return StartBuildResponse.builder().build(Build.builder().id(id).build()).build();
            }

            @Override
            public BatchGetBuildsResponse batchGetBuilds(BatchGetBuildsRequest request) {
                return BatchGetBuildsResponse.builder().builds(Build.builder().id(request.ids().getFirst()).buildStatus(buildStatus.get(request.ids().getFirst()))
                        .exportedEnvironmentVariables(v -> v.name("TAG").value("7")).build()).build();
            }

            @Override
            public String serviceName() {
                return "codebuild";
            }

            @Override
            public void close() {}
        };

        final CodeDeployClient codedeploy = new CodeDeployClient() {
            @Override
            public CreateDeploymentResponse createDeployment(CreateDeploymentRequest request) {
                deploymentCallers.add(Caller.current());
                deployments.add(request);
                deploymentStatus.put("d-" + deployments.size(), DeploymentStatus.IN_PROGRESS);
                return CreateDeploymentResponse.builder().deploymentId("d-" + deployments.size()).build();
            }

            @Override
            public GetDeploymentResponse getDeployment(GetDeploymentRequest request) {
                int number = Integer.parseInt(request.deploymentId().substring(2));
                DeploymentStatus status = deploymentStatus.get(request.deploymentId());
                return GetDeploymentResponse.builder().deploymentInfo(DeploymentInfo.builder().deploymentId(request.deploymentId()).status(status)
                        .description(deployments.get(number - 1).description())
                        .errorInformation(status == DeploymentStatus.STOPPED ? e -> e.code("ALARM_ACTIVE").message("One or more alarms have been activated") : _ -> {})
                        .build()).build();
            }

            @Override
            public ListDeploymentsResponse listDeployments(ListDeploymentsRequest request) {
                return ListDeploymentsResponse.builder().deployments(List.copyOf(deploymentStatus.keySet()).reversed()).build();
            }

            @Override
            public String serviceName() {
                return "codedeploy";
            }

            @Override
            public void close() {}
        };

        final EcsClient ecs = new EcsClient() {
            @Override
            public RegisterTaskDefinitionResponse registerTaskDefinition(RegisterTaskDefinitionRequest request) {
                definitions.add(request);
                return RegisterTaskDefinitionResponse.builder()
                        .taskDefinition(t -> t.taskDefinitionArn("arn:aws:ecs:us-east-1:111122223333:task-definition/shop:" + definitions.size())).build();
            }

            @Override
            public String serviceName() {
                return "ecs";
            }

            @Override
            public void close() {}
        };

        final StsClient sts = new StsClient() {
            @Override
            public AssumeRoleResponse assumeRole(AssumeRoleRequest request) {
                if (!request.roleArn().equals(ROLE)) {
                    throw AwsErrors.of(StsException.builder(), "AccessDenied", 403, "not authorized to perform: sts:AssumeRole");
                }
                return AssumeRoleResponse.builder().build();
            }

            @Override
            public String serviceName() {
                return "sts";
            }

            @Override
            public void close() {}
        };

        final S3Client s3 = new S3Client() {
            @Override
            public PutObjectResponse putObject(PutObjectRequest request, RequestBody body) {
                try (InputStream in = body.contentStreamProvider().newStream()) {
                    objects.put(request.bucket() + "/" + request.key(), in.readAllBytes());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                return PutObjectResponse.builder().build();
            }

            @Override
            public <R> R getObject(GetObjectRequest request, ResponseTransformer<GetObjectResponse, R> transformer) {
                byte[] bytes = objects.get(request.bucket() + "/" + request.key());
                try {
                    return transformer.transform(GetObjectResponse.builder().contentLength((long) bytes.length).build(),
                            AbortableInputStream.create(new java.io.ByteArrayInputStream(bytes)));
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }

            @Override
            public String serviceName() {
                return "s3";
            }

            @Override
            public void close() {}
        };

        static byte[] zip(Map<String, String> files) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
                for (Map.Entry<String, String> file : files.entrySet()) {
                    zip.putNextEntry(new ZipEntry(file.getKey()));
                    zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
                    zip.closeEntry();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return bytes.toByteArray();
        }
    }
}
