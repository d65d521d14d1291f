package dev.viridian.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.viridian.aws.AwsErrors;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.CloudWatchException;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.CreateSecurityGroupRequest;
import software.amazon.awssdk.services.ec2.model.CreateSecurityGroupResponse;
import software.amazon.awssdk.services.ec2.model.DescribeVpcsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeVpcsResponse;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.Vpc;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateListenerRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateListenerResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTargetGroupsRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTargetGroupsResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ForwardActionConfig;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Listener;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupTuple;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.CreateOpenIdConnectProviderRequest;
import software.amazon.awssdk.services.iam.model.CreateOpenIdConnectProviderResponse;
import software.amazon.awssdk.services.iam.model.CreateRoleRequest;
import software.amazon.awssdk.services.iam.model.CreateRoleResponse;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityRequest;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;

class QueryServicesTest {
    private static final AtomicReference<DescribeVpcsRequest> VPCS = new AtomicReference<>();
    private static final FakeCloudWatch CLOUDWATCH = new FakeCloudWatch();
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer(false);
        server.wire.serve(ElasticLoadBalancingV2Client.class, new Elb()).serve(IamClient.class, new Iam()).serve(StsClient.class, new Sts())
                .serve(Ec2Client.class, new Ec2()).serve(CloudWatchClient.class, CLOUDWATCH);
        server.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void nested_lists_and_structures_survive_a_form_and_xml() {
        Action action = Action.builder().type("forward").order(1).forwardConfig(ForwardActionConfig.builder().targetGroups(
                TargetGroupTuple.builder().targetGroupArn("blue").weight(90).build(), TargetGroupTuple.builder().targetGroupArn("green").weight(10)
                        .build()).build()).build();
        try (ElasticLoadBalancingV2Client elb = server.client(ElasticLoadBalancingV2Client.builder())) {
            Listener listener = elb.createListener(request -> request.loadBalancerArn("lb").port(80).protocol("HTTP").defaultActions(action))
                    .listeners().getFirst();

            assertThat(listener.defaultActions()).containsExactly(action);
            assertThat(listener.port()).isEqualTo(80);
            TargetGroupNotFoundException error = catchThrowableOfType(TargetGroupNotFoundException.class, () ->
                    elb.describeTargetGroups(request -> request.names("x")));
            assertThat(error.awsErrorDetails().errorCode()).isEqualTo("TargetGroupNotFound");
            assertThat(error.awsErrorDetails().errorMessage()).isEqualTo("One or more target groups not found");
        }
    }

    @Test
    void operations_the_sdk_spells_differently_are_found() {
        try (IamClient iam = server.client(IamClient.builder().region(software.amazon.awssdk.regions.Region.AWS_GLOBAL))) {
            assertThat(iam.createOpenIDConnectProvider(request -> request.url("https://x").clientIDList("a", "b")).openIDConnectProviderArn())
                    .isEqualTo("[a, b]");
            Role role = iam.createRole(request -> request.roleName("r").assumeRolePolicyDocument("{}")).role();
            assertThat(role.createDate()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
            assertThat(role.tags()).extracting(software.amazon.awssdk.services.iam.model.Tag::key).containsExactly("k");
        }
    }

    @Test
    void an_operation_without_input_and_one_by_another_version() {
        try (StsClient sts = server.client(StsClient.builder())) {
            assertThat(sts.getCallerIdentity().arn()).isEqualTo("arn:aws:iam::111122223333:user/dev");
        }
    }

    @Test
    void ec2_has_its_own_names_for_everything() {
        try (Ec2Client ec2 = server.client(Ec2Client.builder())) {
            Vpc vpc = ec2.describeVpcs(request -> request.vpcIds("vpc-1", "vpc-2")
                    .filters(Filter.builder().name("isDefault").values("true", "x").build()))
                    .vpcs().getFirst();

            assertThat(VPCS.get().vpcIds()).containsExactly("vpc-1", "vpc-2");
            assertThat(VPCS.get().filters()).containsExactly(Filter.builder().name("isDefault").values("true", "x").build());
            assertThat(vpc.isDefault()).isTrue();
            assertThat(vpc.tags()).containsExactly(Tag.builder().key("Name").value("default").build());
            Ec2Exception error = catchThrowableOfType(Ec2Exception.class, () -> ec2.createSecurityGroup(request -> request.groupName("g")
                    .description("d")));
            assertThat(error.awsErrorDetails().errorCode()).isEqualTo("InvalidGroup.Duplicate");
        }
    }

    @Test
    void cloudwatch_takes_gzipped_forms() {
        try (CloudWatchClient cloudwatch = server.client(CloudWatchClient.builder())) {
            cloudwatch.putMetricAlarm(request -> request.alarmName("a").threshold(1.5).period(60)
                    .dimensions(Dimension.builder().name("n").value("v").build()));
            cloudwatch.putMetricData(request -> request.namespace("Shop").metricData(java.util.stream.IntStream.range(0, 500)
                    .mapToObj(i -> MetricDatum.builder()
                    .metricName("Requests").value((double) i).timestamp(Instant.parse("2026-01-01T00:00:00.25Z")).build()).toList()));

            assertThat(CLOUDWATCH.alarm.get().threshold()).isEqualTo(1.5);
            assertThat(CLOUDWATCH.alarm.get().dimensions()).hasSize(1);
            assertThat(CLOUDWATCH.data.get().metricData()).hasSize(500);
            assertThat(CLOUDWATCH.data.get().metricData().get(7).timestamp()).isEqualTo(Instant.parse("2026-01-01T00:00:00.250Z"));
            assertThat(cloudwatch.describeAlarms().metricAlarms().getFirst().alarmName()).isEqualTo("a<b>");
            assertThat(cloudwatch.describeAlarms().metricAlarms().getFirst().stateUpdatedTimestamp())
                    .isEqualTo(Instant.parse("2026-01-01T00:00:00.5Z"));
            CloudWatchException error = catchThrowableOfType(CloudWatchException.class, () ->
                    cloudwatch.setAlarmState(request -> request.alarmName("x").stateValue("OK").stateReason("r")));
            assertThat(error.awsErrorDetails().errorCode()).isEqualTo("ResourceNotFound");
            assertThat(error.statusCode()).isEqualTo(404);
        }
    }

    @Test
    void unknown_actions_are_told_in_xml() throws Exception {
        assertThat(post("Action=NoSuch&Version=2015-12-01")).startsWith("400 ").contains("<ErrorResponse").contains("<Code>InvalidAction</Code>")
                .contains("Could not find operation NoSuch for version 2015-12-01");
        assertThat(post("Action=DescribeListeners&Version=1999-01-01")).startsWith("400 ").contains("InvalidAction");
        assertThat(post("Version=2015-12-01")).startsWith("400 ").contains("MissingAction");
        assertThat(post("Action=DescribeListeners&Version=2015-12-01")).startsWith("403 ").contains("<Code>MissingAuthenticationToken</Code>");
    }

    private static String post(String form) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = http.send(HttpRequest.newBuilder(URI.create(server.uri() + "/"))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString(form)).build(), HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() + " " + answer.body();
        }
    }

    private static final class Elb implements ElasticLoadBalancingV2Client {
        @Override
        public CreateListenerResponse createListener(CreateListenerRequest request) {
            return CreateListenerResponse.builder().listeners(Listener.builder().port(request.port()).defaultActions(request.defaultActions())
                    .build()).build();
        }

        @Override
        public DescribeTargetGroupsResponse describeTargetGroups(DescribeTargetGroupsRequest request) {
            throw TargetGroupNotFoundException.builder().message("One or more target groups not found").build();
        }

        @Override
        public String serviceName() {
            return "elasticloadbalancing";
        }

        @Override
        public void close() {}
    }

    private static final class Iam implements IamClient {
        @Override
        public CreateOpenIdConnectProviderResponse createOpenIDConnectProvider(CreateOpenIdConnectProviderRequest request) {
            return CreateOpenIdConnectProviderResponse.builder().openIDConnectProviderArn(request.clientIDList().toString()).build();
        }

        @Override
        public CreateRoleResponse createRole(CreateRoleRequest request) {
            return CreateRoleResponse.builder().role(Role.builder().roleName(request.roleName()).createDate(Instant.parse("2026-01-01T00:00:00Z"))
                    .tags(software.amazon.awssdk.services.iam.model.Tag.builder().key("k").value("v").build()).build()).build();
        }

        @Override
        public String serviceName() {
            return "iam";
        }

        @Override
        public void close() {}
    }

    private static final class Sts implements StsClient {
        @Override
        public GetCallerIdentityResponse getCallerIdentity(GetCallerIdentityRequest request) {
            dev.viridian.aws.Caller caller = dev.viridian.aws.Caller.current();
            return GetCallerIdentityResponse.builder().account(caller.account()).arn(caller.principal().arn()).userId(caller.principal().userId())
                    .build();
        }

        @Override
        public String serviceName() {
            return "sts";
        }

        @Override
        public void close() {}
    }

    private static final class Ec2 implements Ec2Client {
        @Override
        public DescribeVpcsResponse describeVpcs(DescribeVpcsRequest request) {
            VPCS.set(request);
            return DescribeVpcsResponse.builder()
                    .vpcs(List.of(Vpc.builder().vpcId("vpc-1").isDefault(true).tags(Tag.builder().key("Name").value("default").build()).build()))
                    .build();
        }

        @Override
        public CreateSecurityGroupResponse createSecurityGroup(CreateSecurityGroupRequest request) {
            throw AwsErrors.of(Ec2Exception.builder(), "InvalidGroup.Duplicate", 400, "The security group 'g' already exists for VPC 'vpc-1'");
        }

        @Override
        public String serviceName() {
            return "ec2";
        }

        @Override
        public void close() {}
    }
}
