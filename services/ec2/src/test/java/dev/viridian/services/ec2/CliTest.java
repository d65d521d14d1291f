package dev.viridian.services.ec2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.viridian.aws.shapes.ShapesMapper;
import dev.viridian.engine.store.SqliteStore;
import dev.viridian.engine.time.SystemTime;
import dev.viridian.wire.Wire;
import dev.viridian.wire.WireOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ec2.Ec2Client;

/// EC2 by the real `aws`: its own query dialect, filters and errors included.
class CliTest {
    private static final Path AWS = Path.of("/usr/bin/aws");
    @TempDir
    private Path folder;
    private final SystemTime time = new SystemTime();
    private final Server server = new Server(new VirtualThreadPool());
    private int port;

    private record Result(int status, String out, String err) {}

    @BeforeEach
    void start() throws Exception {
        assumeTrue(Files.isExecutable(AWS), "the AWS CLI is not installed at " + AWS);
        Wire wire = new Wire(_ -> Optional.empty(), time, WireOptions.open(Ec2World.ACCOUNT, "us-east-1"));
        wire.serve(Ec2Client.class, new Ec2(SqliteStore.inMemory(ShapesMapper.create()), time));
        ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(Wire.prepare(new HttpConfiguration())));
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(wire);
        server.start();
        port = connector.getLocalPort();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
        time.close();
    }

    private Result aws(String... arguments) throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        List<String> command = new ArrayList<>(List.of(AWS.toString(), "--endpoint-url", "http://127.0.0.1:" + port, "ec2"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment()
                .putAll(Map.of("AWS_ACCESS_KEY_ID", "any", "AWS_SECRET_ACCESS_KEY", "any", "AWS_DEFAULT_REGION", "us-east-1", "AWS_PAGER", "",
                "AWS_CONFIG_FILE", "none", "AWS_EC2_METADATA_DISABLED", "true"));
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Result(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8), Files.readString(err, StandardCharsets.UTF_8));
    }

    private String ok(String... arguments) throws IOException, InterruptedException {
        Result result = aws(arguments);
        assertThat(result.status()).as(result.err()).isZero();
        return result.out().strip();
    }

    /// What the walkthroughs ask before they make a load balancer and a service.
    @Test
    void the_default_network_is_found_and_a_group_opened() throws Exception {
        String vpc = ok("describe-vpcs", "--filters", "Name=isDefault,Values=true", "--query", "Vpcs[0].VpcId", "--output", "text");
        assertThat(vpc).startsWith("vpc-");
        assertThat(ok("describe-subnets", "--filters", "Name=vpc-id,Values=" + vpc, "--query", "Subnets[].SubnetId", "--output", "text")
                .split("\\s+")).hasSize(3);
        String group = ok("create-security-group", "--group-name", "web", "--description", "web", "--vpc-id", vpc, "--query", "GroupId", "--output",
                "text");
        ok("authorize-security-group-ingress", "--group-id", group, "--protocol", "tcp", "--port", "80", "--cidr", "0.0.0.0/0");
        assertThat(aws("authorize-security-group-ingress", "--group-id", group, "--protocol", "tcp", "--port", "80", "--cidr", "0.0.0.0/0").err())
                .contains("An error occurred (InvalidPermission.Duplicate) when calling the AuthorizeSecurityGroupIngress operation: the "
                        + "specified rule "
                        + "\"peer: 0.0.0.0/0, TCP, from port: 80, to port: 80, ALLOW\" already exists");
        assertThat(ok("describe-security-groups", "--group-ids", group, "--query",
                "SecurityGroups[0].[GroupName,IpPermissions[0].FromPort,IpPermissions[0].IpRanges[0].CidrIp]",
                "--output", "text")).isEqualTo("web\t80\t0.0.0.0/0");
        assertThat(aws("create-security-group", "--group-name", "web", "--description", "web").err()).contains("(InvalidGroup.Duplicate)");
        ok("revoke-security-group-ingress", "--group-id", group, "--ip-permissions",
                "IpProtocol=tcp,FromPort=80,ToPort=80,IpRanges=[{CidrIp=0.0.0.0/0}]");
        ok("create-tags", "--resources", group, "--tags", "Key=stage,Value=prod");
        assertThat(ok("describe-security-groups", "--filters", "Name=tag:stage,Values=prod", "--query", "SecurityGroups[].GroupId", "--output",
                "text")).isEqualTo(group);
        ok("delete-security-group", "--group-id", group);
    }

    @Test
    void errors_print_what_users_know() throws Exception {
        assertThat(aws("describe-vpcs", "--vpc-ids", "vpc-01ad05dbfdd8603d9").err())
                .contains("An error occurred (InvalidVpcID.NotFound) when calling the DescribeVpcs operation: The vpc ID "
                        + "'vpc-01ad05dbfdd8603d9' does not exist");
        assertThat(aws("describe-vpcs", "--filters", "Name=colour,Values=green").err()).contains("(InvalidParameterValue)")
                .contains("The filter 'colour' is invalid");
        assertThat(aws("create-vpc", "--cidr-block", "10.0.0.0/16", "--dry-run").err()).contains("An error occurred (DryRunOperation)");
        assertThat(ok("describe-availability-zones", "--query", "AvailabilityZones[].ZoneName", "--output", "text"))
                .isEqualTo("us-east-1a\tus-east-1b\tus-east-1c");
    }
}
