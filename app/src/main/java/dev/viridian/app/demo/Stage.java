package dev.viridian.app.demo;

import dev.viridian.app.Viridian;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.ComparisonOperator;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.Statistic;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.codebuild.CodeBuildClient;
import software.amazon.awssdk.services.codebuild.model.ArtifactsType;
import software.amazon.awssdk.services.codebuild.model.ComputeType;
import software.amazon.awssdk.services.codebuild.model.EnvironmentType;
import software.amazon.awssdk.services.codebuild.model.SourceType;
import software.amazon.awssdk.services.codecommit.CodeCommitClient;
import software.amazon.awssdk.services.codedeploy.CodeDeployClient;
import software.amazon.awssdk.services.codedeploy.model.Alarm;
import software.amazon.awssdk.services.codedeploy.model.AutoRollbackEvent;
import software.amazon.awssdk.services.codedeploy.model.ComputePlatform;
import software.amazon.awssdk.services.codedeploy.model.DeploymentOption;
import software.amazon.awssdk.services.codedeploy.model.DeploymentReadyAction;
import software.amazon.awssdk.services.codedeploy.model.DeploymentType;
import software.amazon.awssdk.services.codedeploy.model.InstanceAction;
import software.amazon.awssdk.services.codepipeline.CodePipelineClient;
import software.amazon.awssdk.services.codepipeline.model.ActionDeclaration;
import software.amazon.awssdk.services.codepipeline.model.StageDeclaration;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.AssignPublicIp;
import software.amazon.awssdk.services.ecs.model.Compatibility;
import software.amazon.awssdk.services.ecs.model.DeploymentControllerType;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.LogDriver;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ActionTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetTypeEnum;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.ServiceSpecificCredential;
import software.amazon.awssdk.services.s3.S3Client;

/// What stands before the story begins: repositories, project, cluster, load balancer, alarms, deployment group, pipeline; as walkthrough 000 makes them.
final class Stage {
    static final String NAME = "nginx-sample";
    static final String BUCKET = "nginx-sample-artifacts";
    private static final String TRUST = """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"%s"},"Action":"sts:AssumeRole"}]}""";

    /// What the story needs to know of the load balancer.
    record Balancer(LoadBalancer balancer, TargetGroup blue, TargetGroup green, String prodListener, String testListener, URI page, URI testPage) {}

    private final Viridian viridian;
    private final EcsClient ecs;
    private final ElasticLoadBalancingV2Client elb;

    Stage(Viridian viridian) {
        this.viridian = viridian;
        this.ecs = viridian.client(EcsClient.class);
        this.elb = viridian.client(ElasticLoadBalancingV2Client.class);
    }

    ServiceSpecificCredential gitUser() {
        IamClient iam = viridian.client(IamClient.class);
        iam.createUser(b -> b.userName("developer"));
        iam.attachUserPolicy(b -> b.userName("developer").policyArn("arn:aws:iam::aws:policy/AWSCodeCommitPowerUser"));
        return iam.createServiceSpecificCredential(b -> b.userName("developer").serviceName("codecommit.amazonaws.com")).serviceSpecificCredential();
    }

    String role(String name, String service) {
        return viridian.client(IamClient.class).createRole(b -> b.roleName(name).assumeRolePolicyDocument(TRUST.formatted(service))).role().arn();
    }

    /// The clone URL.
    String repositories() {
        viridian.client(S3Client.class).createBucket(b -> b.bucket(BUCKET));
        viridian.client(CodeCommitClient.class).createRepository(b -> b.repositoryName(NAME));
        return viridian.endpoint() + "/v1/repos/" + NAME;
    }

    /// The image repository's URI.
    String imageRepository() {
        return viridian.client(EcrClient.class).createRepository(b -> b.repositoryName(NAME)).repository().repositoryUri();
    }

    void project(String imageRepository, String buildRole, String taskRole) {
        viridian.client(CodeBuildClient.class).createProject(b -> b
                .name(NAME)
                .serviceRole(buildRole)
                .source(s -> s.type(SourceType.CODECOMMIT).location(viridian.endpoint() + "/v1/repos/" + NAME))
                .artifacts(a -> a.type(ArtifactsType.NO_ARTIFACTS))
                .environment(e -> e.type(EnvironmentType.LINUX_CONTAINER)
                        .image("aws/codebuild/standard:4.0")
                        .computeType(ComputeType.BUILD_GENERAL1_SMALL)
                        .privilegedMode(true)
                        .environmentVariables(v -> v.name("REPOSITORY_URI").value(imageRepository), v -> v.name("TASK_EXECUTION_ARN").value(taskRole))));
    }

    Balancer balancer() {
        Ec2Client ec2 = viridian.client(Ec2Client.class);
        String vpc = ec2.describeVpcs(b -> b.filters(f -> f.name("isDefault").values("true"))).vpcs().getFirst().vpcId();
        LoadBalancer balancer = elb.createLoadBalancer(b -> b.name(NAME).subnets(subnets())).loadBalancers().getFirst();
        TargetGroup blue = targetGroup("blue", vpc);
        TargetGroup green = targetGroup("green", vpc);
        int port = free(80, 8000);
        int testPort = free(8080, 8001);
        String prod = listener(balancer, port, blue);
        String test = listener(balancer, testPort, green);
        return new Balancer(balancer, blue, green, prod, test, page(port), page(testPort));
    }

    private static URI page(int port) {
        return URI.create("http://127.0.0.1" + (port == 80 ? "" : ":" + port) + "/");
    }

    private TargetGroup targetGroup(String colour, String vpc) {
        return elb.createTargetGroup(b -> b.name(NAME + "-" + colour).protocol(ProtocolEnum.HTTP).port(80).vpcId(vpc).targetType(TargetTypeEnum.IP)
                .healthCheckPath("/healthz").healthCheckIntervalSeconds(10).healthyThresholdCount(2).matcher(m -> m.httpCode("200"))).targetGroups().getFirst();
    }

    private String listener(LoadBalancer balancer, int port, TargetGroup group) {
        return elb.createListener(b -> b.loadBalancerArn(balancer.loadBalancerArn()).protocol(ProtocolEnum.HTTP).port(port)
                .defaultActions(a -> a.type(ActionTypeEnum.FORWARD).targetGroupArn(group.targetGroupArn()))).listeners().getFirst().listenerArn();
    }

    /// The first of the two that nobody listens on.
    private static int free(int wanted, int otherwise) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted));
            return wanted;
        } catch (IOException e) {
            return otherwise;
        }
    }

    private List<String> subnets() {
        return viridian.client(Ec2Client.class).describeSubnets().subnets().stream().map(Subnet::subnetId).limit(2).toList();
    }

    /// The service as it first runs, with the image the first build made.
    void service(Balancer balancer, String image, String taskRole) {
        viridian.client(CloudWatchLogsClient.class).createLogGroup(b -> b.logGroupName("/ecs/" + NAME));
        ecs.createCluster(b -> b.clusterName(NAME));
        String definition = ecs.registerTaskDefinition(b -> b.family(NAME).networkMode(NetworkMode.AWSVPC).requiresCompatibilities(Compatibility.FARGATE)
                .cpu("256").memory("1024").executionRoleArn(taskRole).taskRoleArn(taskRole)
                .containerDefinitions(c -> c.name("apiContainer").image(image).essential(true).portMappings(p -> p.containerPort(80))
                        .logConfiguration(l -> l.logDriver(LogDriver.AWSLOGS).options(Map.of("awslogs-group", "/ecs/" + NAME, "awslogs-region",
                                viridian.status().region(), "awslogs-stream-prefix", "app"))))).taskDefinition().taskDefinitionArn();
        ecs.createService(b -> b.cluster(NAME).serviceName(NAME).taskDefinition(definition).desiredCount(2).launchType(LaunchType.FARGATE)
                .deploymentController(d -> d.type(DeploymentControllerType.CODE_DEPLOY))
                .networkConfiguration(n -> n.awsvpcConfiguration(v -> v.subnets(subnets()).assignPublicIp(AssignPublicIp.ENABLED)))
                .loadBalancers(l -> l.targetGroupArn(balancer.blue().targetGroupArn()).containerName("apiContainer").containerPort(80)));
    }

    /// One alarm per target group: any 5xx answer within a minute.
    List<String> alarms(Balancer balancer) {
        return List.of(alarm("blue", balancer.blue(), balancer), alarm("green", balancer.green(), balancer));
    }

    private String alarm(String colour, TargetGroup group, Balancer balancer) {
        String name = NAME + colour + "5xxAlarm";
        viridian.client(CloudWatchClient.class).putMetricAlarm(b -> b.alarmName(name).namespace("AWS/ApplicationELB").metricName("HTTPCode_Target_5XX_Count")
                .dimensions(dimension("TargetGroup", fullName(group.targetGroupArn(), "targetgroup/")),
                        dimension("LoadBalancer", fullName(balancer.balancer().loadBalancerArn(), "app/")))
                .statistic(Statistic.SUM).period(60).evaluationPeriods(1).threshold(1.0).comparisonOperator(ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD)
                .treatMissingData("notBreaching"));
        return name;
    }

    private static Dimension dimension(String name, String value) {
        return Dimension.builder().name(name).value(value).build();
    }

    private static String fullName(String arn, String from) {
        return arn.substring(arn.indexOf(from));
    }

    void deploymentGroup(Balancer balancer, List<String> alarms, String deployRole) {
        CodeDeployClient codedeploy = viridian.client(CodeDeployClient.class);
        codedeploy.createApplication(b -> b.applicationName(NAME).computePlatform(ComputePlatform.ECS));
        codedeploy.createDeploymentGroup(b -> b.applicationName(NAME).deploymentGroupName(NAME).serviceRoleArn(deployRole)
                .deploymentConfigName("CodeDeployDefault.ECSLinear10PercentEvery1Minutes")
                .ecsServices(s -> s.clusterName(NAME).serviceName(NAME))
                .deploymentStyle(s -> s.deploymentType(DeploymentType.BLUE_GREEN).deploymentOption(DeploymentOption.WITH_TRAFFIC_CONTROL))
                .blueGreenDeploymentConfiguration(c -> c
                        .deploymentReadyOption(r -> r.actionOnTimeout(DeploymentReadyAction.CONTINUE_DEPLOYMENT))
                        .terminateBlueInstancesOnDeploymentSuccess(t -> t.action(InstanceAction.TERMINATE).terminationWaitTimeInMinutes(5)))
                .loadBalancerInfo(l -> l.targetGroupPairInfoList(p -> p
                        .targetGroups(g -> g.name(balancer.blue().targetGroupName()), g -> g.name(balancer.green().targetGroupName()))
                        .prodTrafficRoute(r -> r.listenerArns(balancer.prodListener()))
                        .testTrafficRoute(r -> r.listenerArns(balancer.testListener()))))
                .alarmConfiguration(a -> a.enabled(true).alarms(alarms.stream()
                        .map(name -> Alarm.builder().name(name).build()).toList()))
                .autoRollbackConfiguration(r -> r.enabled(true).events(AutoRollbackEvent.DEPLOYMENT_FAILURE, AutoRollbackEvent.DEPLOYMENT_STOP_ON_ALARM,
                        AutoRollbackEvent.DEPLOYMENT_STOP_ON_REQUEST)));
    }

    void pipeline(String role) {
        viridian.client(CodePipelineClient.class).createPipeline(b -> b.pipeline(p -> p.name(NAME).roleArn(role)
                .artifactStore(s -> s.type("S3").location(BUCKET))
                .stages(
                        stage("Source", action("Source", "CodeCommit", Map.of("RepositoryName", NAME, "BranchName", "main")).outputArtifacts(a -> a.name("SourceArtifact"))),
                        stage("Build", action("Build", "CodeBuild", Map.of("ProjectName", NAME)).inputArtifacts(a -> a.name("SourceArtifact"))
                                .outputArtifacts(a -> a.name("BuildArtifact"))),
                        stage("Deploy", action("Deploy", "CodeDeployToECS", Map.of("ApplicationName", NAME, "DeploymentGroupName", NAME,
                                "TaskDefinitionTemplateArtifact", "BuildArtifact", "AppSpecTemplateArtifact", "BuildArtifact")).inputArtifacts(a -> a.name("BuildArtifact"))))));
    }

    private static StageDeclaration stage(String name, ActionDeclaration.Builder action) {
        return StageDeclaration.builder().name(name).actions(action.build()).build();
    }

    private static ActionDeclaration.Builder action(String category, String provider, Map<String, String> configuration) {
        return ActionDeclaration.builder().name(category).configuration(configuration)
                .actionTypeId(t -> t.category(category).owner("AWS").provider(provider).version("1"));
    }
}
