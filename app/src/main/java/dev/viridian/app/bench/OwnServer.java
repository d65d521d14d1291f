package dev.viridian.app.bench;

import dev.viridian.app.bench.Calls.Refused;
import dev.viridian.app.bench.Contender.Missing;
import dev.viridian.app.bench.Workload.Door;
import dev.viridian.engine.time.Polling;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/// Our own contender: the whole server as `viridian up` starts it, with load balancers made through its API. Health checks and metrics are on, as
/// they always are.
final class OwnServer {
    private static final String ELB = "elasticloadbalancing";
    private static final String ELB_VERSION = "2015-12-01";
    private static final String BUCKET = "bench-access-logs";

    private final Ports ports;
    private final int backend;
    private final Calls calls;
    private final List<Missing> missing = new ArrayList<>();
    private final String vpc;
    private final String[] subnets = new String[2];

    private OwnServer(Ports ports, int backend, Calls calls) throws Refused {
        this.ports = ports;
        this.backend = backend;
        this.calls = calls;
        String described = calls.call("ec2", "2016-11-15", "DescribeSubnets");
        this.vpc = Calls.first(described, "vpcId");
        List<String> ids = described.lines().flatMap(line -> Pattern.compile("<subnetId>(.*?)</subnetId>").matcher(line).results())
                .map(result -> result.group(1)).distinct().toList();
        this.subnets[0] = ids.get(0);
        this.subnets[1] = ids.get(1);
    }

    /// @param certificate for the TLS listeners, imported into ACM
    static Contender start(Children children, String cores, int backend, Pem certificate) {
        Ports ports = Ports.free();
        int api = Children.freePort();
        String launcher = System.getProperty("viridian.home", ".") + "/viridian";
        List<String> command = List.of(launcher, "up", "--ephemeral", "--auth", "open", "--port", Integer.toString(api));
        Process process = children.serve(Contender.OURS, cores, command);
        children.await(Contender.OURS, process, api);
        try (Calls calls = new Calls(api)) {
            OwnServer server = new OwnServer(ports, backend, calls);
            server.configure(certificate);
            return new Contender(Contender.OURS, List.of(process.toHandle()), ports, List.copyOf(server.missing));
        } catch (Refused e) {
            throw new Failed("our server could not be set up: " + e.getMessage());
        }
    }

    private void configure(Pem certificate) throws Refused {
        String web = group("bench", "HTTP");
        String balancer = balancer("bench", "application");
        listener(balancer, web, "HTTP", ports.http());
        optional(Door.HTTPS, () -> {
            String imported = calls.callJson("acm", "CertificateManager.ImportCertificate", """
                    {"Certificate": "%s", "CertificateChain": "%s", "PrivateKey": "%s"}
                    """.formatted(base64(certificate.certificate()), base64(certificate.chain()), base64(certificate.key())));
            String arn = JsonMapper.builder().build().readTree(imported).path("CertificateArn").asString();
            listener(balancer, web, "HTTPS", ports.https(), "Certificates.member.1.CertificateArn", arn);
        });
        optional(Door.HTTP_LOGGED, () -> {
            calls.createBucket(BUCKET);
            calls.putBucketPolicy(BUCKET, """
                    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::%s/*",
                     "Principal": {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}},
                     {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::%s/*", "Principal": {"AWS": "127311923021"}}]}
                    """.formatted(BUCKET, BUCKET));
            String logged = balancer("bench-logged", "application");
            calls.call(ELB, ELB_VERSION, "ModifyLoadBalancerAttributes", "LoadBalancerArn", logged,
                    "Attributes.member.1.Key", "access_logs.s3.enabled", "Attributes.member.1.Value", "true",
                    "Attributes.member.2.Key", "access_logs.s3.bucket", "Attributes.member.2.Value", BUCKET);
            listener(logged, group("bench-logged", "HTTP"), "HTTP", ports.logged());
        });
        optional(Door.TCP, () -> listener(balancer("bench-tcp", "network"), group("bench-tcp", "TCP"), "TCP", ports.tcp()));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    private interface Setup {
        void run() throws Refused;
    }

    /// What the server does not offer is not measured, and said.
    private void optional(Door door, Setup setup) {
        try {
            setup.run();
        } catch (Refused e) {
            missing.add(new Missing(door, e.getMessage()));
        }
    }

    private String balancer(String name, String type) throws Refused {
        return Calls.first(calls.call(ELB, ELB_VERSION, "CreateLoadBalancer", "Name", name, "Type", type, "Subnets.member.1", subnets[0],
                "Subnets.member.2", subnets[1]), "LoadBalancerArn");
    }

    private String group(String name, String protocol) throws Refused {
        String port = Integer.toString(backend);
        String arn = Calls.first(calls.call(ELB, ELB_VERSION, "CreateTargetGroup", "Name", name, "Protocol", protocol, "Port", port,
                "VpcId", vpc, "TargetType", "ip", "HealthCheckProtocol", "HTTP", "HealthCheckPath", "/small", "HealthCheckIntervalSeconds", "10",
                "HealthyThresholdCount", "2"), "TargetGroupArn");
        calls.call(ELB, ELB_VERSION, "RegisterTargets", "TargetGroupArn", arn, "Targets.member.1.Id", "127.0.0.1", "Targets.member.1.Port", port);
        return arn;
    }

    private void listener(String balancer, String group, String protocol, int port, String... more) throws Refused {
        String[] parameters = {"LoadBalancerArn", balancer, "Protocol", protocol, "Port", Integer.toString(port),
            "DefaultActions.member.1.Type", "forward", "DefaultActions.member.1.TargetGroupArn", group};
        String[] all = Arrays.copyOf(parameters, parameters.length + more.length);
        System.arraycopy(more, 0, all, parameters.length, more.length);
        calls.call(ELB, ELB_VERSION, "CreateListener", all);
        awaitHealthy(group);
    }

    private void awaitHealthy(String group) {
        boolean healthy = Polling.until(Duration.ofMillis(200), Duration.ofSeconds(60), () -> {
            try {
                return Optional.of(true).filter(_ -> describe(group).contains("<State>healthy</State>"));
            } catch (IllegalStateException _) {
                return Optional.empty();
            }
        }).isPresent();
        if (!healthy) {
            throw new Failed("the backend is not healthy for our server after 60 s");
        }
    }

    private String describe(String group) {
        try {
            return calls.call(ELB, ELB_VERSION, "DescribeTargetHealth", "TargetGroupArn", group);
        } catch (Refused e) {
            throw new Failed("our server does not say how its targets are: " + e.getMessage());
        }
    }
}
