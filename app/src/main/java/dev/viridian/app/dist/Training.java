package dev.viridian.app.dist;

import dev.viridian.app.Settings;
import dev.viridian.app.Viridian;
import dev.viridian.app.cli.Main;
import dev.viridian.aws.Caller;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;
import software.amazon.awssdk.services.acm.AcmClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ActionTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;

/// One short life of a server, from start to stop, with a listener of HTTPS and a call or two in every protocol: the JVM that runs it notes which
/// classes and methods a start needs, and writes them into an AOT cache at its end (JEP 483, 514 and 515).
///
/// It uses free ports and a folder of its own, and of a container engine it only asks for the version.
public final class Training {
    private static final String ANYBODY = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/%s/aws4_request, SignedHeaders=host, Signature=00";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /// Where somebody else listens, another port stands in.
    private static final int LISTENER_PORT = 8443;

    /// Query services, by version and action.
    private static final List<List<String>> FORMS = List.of(
            List.of("sts", "2011-06-15", "GetCallerIdentity"), List.of("iam", "2010-05-08", "ListUsers"),
            List.of("ec2", "2016-11-15", "DescribeVpcs"), List.of("ec2", "2016-11-15", "DescribeSubnets"),
            List.of("elasticloadbalancing", "2015-12-01", "DescribeLoadBalancers"),
            List.of("elasticloadbalancing", "2015-12-01", "DescribeTargetGroups"), List.of("monitoring", "2010-08-01", "DescribeAlarms"));
    /// JSON services, by target and body.
    private static final List<List<String>> TARGETS = List.of(
            List.of("ecs", "AmazonEC2ContainerServiceV20141113.CreateCluster", "{\"clusterName\":\"training\"}"),
            List.of("ecs", "AmazonEC2ContainerServiceV20141113.DescribeClusters", "{\"clusters\":[\"training\"]}"),
            List.of("ecs", "AmazonEC2ContainerServiceV20141113.ListServices", "{\"cluster\":\"nowhere\"}"),
            List.of("ecr", "AmazonEC2ContainerRegistry_V20150921.CreateRepository", "{\"repositoryName\":\"training\"}"),
            List.of("ecr", "AmazonEC2ContainerRegistry_V20150921.DescribeRepositories", "{}"),
            List.of("codecommit", "CodeCommit_20150413.CreateRepository", "{\"repositoryName\":\"training\"}"),
            List.of("codecommit", "CodeCommit_20150413.ListRepositories", "{}"),
            List.of("codebuild", "CodeBuild_20161006.ListProjects", "{}"),
            List.of("codedeploy", "CodeDeploy_20141006.ListApplications", "{}"),
            List.of("codepipeline", "CodePipeline_20150709.ListPipelines", "{}"),
            List.of("logs", "Logs_20140328.DescribeLogGroups", "{}"));

    private final HttpClient http;
    private final String endpoint;

    private Training(HttpClient http, String endpoint) {
        this.http = http;
        this.endpoint = endpoint;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        readCommands();
        Path folder = Files.createTempDirectory("viridian-training-");
        Settings settings = new Settings(folder.resolve("data"), "127.0.0.1", 0, 1, Settings.DEFAULT_ACCOUNT, Settings.DEFAULT_REGION, true, true);
        try (Viridian viridian = Viridian.start(settings); HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            Training training = new Training(http, viridian.endpoint());
            Caller.run(viridian.root(), () -> listen(viridian));
            training.calls();
        } finally {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            }
        }
    }

    /// Every command begins with it.
    private static void readCommands() {
        for (String command : List.of("up", "status", "env")) {
            new CommandLine(new Main()).parseArgs(command);
        }
        new CommandLine(new Main()).getUsageMessage();
    }

    /// What a start does that finds a listener of HTTPS.
    private static void listen(Viridian viridian) {
        ElasticLoadBalancingV2Client elb = viridian.client(ElasticLoadBalancingV2Client.class);
        List<String> subnets = viridian.client(Ec2Client.class).describeSubnets(r -> { }).subnets().stream().map(Subnet::subnetId).limit(2).toList();
        String balancer = elb.createLoadBalancer(r -> r.name("training").subnets(subnets)).loadBalancers().getFirst().loadBalancerArn();
        String certificate = viridian.client(AcmClient.class).requestCertificate(r -> r.domainName("training.elb.localhost")).certificateArn();
        elb.createListener(r -> r.loadBalancerArn(balancer).protocol(ProtocolEnum.HTTPS).port(LISTENER_PORT)
                .certificates(c -> c.certificateArn(certificate))
                .defaultActions(a -> a.type(ActionTypeEnum.FIXED_RESPONSE).fixedResponseConfig(f -> f.statusCode("200"))));
    }

    private void calls() throws IOException, InterruptedException {
        get("/_viridian/status");
        get("/_localstack/health");
        get("/v2/");
        get("/v1/repos/training/info/refs?service=git-upload-pack");
        for (List<String> form : FORMS) {
            send(to("/").header("Authorization", ANYBODY.formatted(form.get(0))).header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(BodyPublishers.ofString("Action=" + form.get(2) + "&Version=" + form.get(1))));
        }
        for (List<String> target : TARGETS) {
            send(to("/").header("Authorization", ANYBODY.formatted(target.get(0))).header("Content-Type", "application/x-amz-json-1.1")
                    .header("X-Amz-Target", target.get(1)).POST(BodyPublishers.ofString(target.get(2))));
        }
        bucket();
        send(to("/_viridian/reset").POST(BodyPublishers.noBody()));
    }

    private void bucket() throws IOException, InterruptedException {
        String signed = ANYBODY.formatted("s3");
        send(to("/training").header("Authorization", signed).PUT(BodyPublishers.noBody()));
        send(to("/training/object").header("Authorization", signed).PUT(BodyPublishers.ofString("content")));
        send(to("/training/object").header("Authorization", signed).GET());
        send(to("/training?list-type=2").header("Authorization", signed).GET());
    }

    private void get(String path) throws IOException, InterruptedException {
        send(to(path).GET());
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create(endpoint + path)).timeout(PATIENCE);
    }

    /// Whatever the answer is: what counts is that somebody had to find it.
    private void send(HttpRequest.Builder request) throws IOException, InterruptedException {
        http.send(request.build(), BodyHandlers.discarding());
    }
}
