package dev.viridian.services.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.viridian.aws.shapes.ShapesMapper;
import dev.viridian.engine.store.SqliteStore;
import dev.viridian.engine.time.SystemTime;
import dev.viridian.wire.Wire;
import dev.viridian.wire.WireOptions;
import dev.viridian.wire.auth.Credential;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.sts.StsClient;

/// IAM and STS by the real `aws`, with signatures verified against the keys IAM itself gives out.
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
        Iam iam = new Iam(SqliteStore.inMemory(ShapesMapper.create()), time, IamWorld.ACCOUNT);
        Wire wire = new Wire(id -> iam.accessKey(id).filter(KnownKey::active)
                .map(key -> new Credential(key.secret(), key.sessionToken(), key.principal(), key.account(), key.expires())), time,
                WireOptions.verifying(IamWorld.ACCOUNT, "us-east-1"));
        wire.serve(IamClient.class, iam).serve(StsClient.class, new Sts(iam));
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

    private Result aws(Map<String, String> credentials, String... arguments) throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        List<String> command = new ArrayList<>(List.of(AWS.toString(), "--endpoint-url", "http://127.0.0.1:" + port));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment()
                .putAll(Map.of("AWS_DEFAULT_REGION", "us-east-1", "AWS_PAGER", "", "AWS_CONFIG_FILE", "none", "AWS_EC2_METADATA_DISABLED", "true"));
        builder.environment().putAll(credentials);
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Result(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8), Files.readString(err, StandardCharsets.UTF_8));
    }

    private static Map<String, String> key(String id, String secret) {
        return Map.of("AWS_ACCESS_KEY_ID", id, "AWS_SECRET_ACCESS_KEY", secret);
    }

    private Result root(String... arguments) throws IOException, InterruptedException {
        return aws(key("test", "test"), arguments);
    }

    private String ok(String... arguments) throws IOException, InterruptedException {
        Result result = root(arguments);
        assertThat(result.status()).as(result.err()).isZero();
        return result.out().strip();
    }

    /// The IAM steps of walkthrough 003, with the mistakes a tester makes on the way.
    @Test
    void the_role_for_codedeploy_is_made_and_taken_away() throws Exception {
        Files.writeString(folder.resolve("assume-role-policy.json"), IamWorld.trust("\"Service\": \"codedeploy.amazonaws.com\""));
        String[] create = {"iam", "create-role", "--role-name", "ecsCodeDeployRole", "--assume-role-policy-document",
                "file://assume-role-policy.json"};
        assertThat(ok(create)).contains("\"Arn\": \"arn:aws:iam::111122223333:role/ecsCodeDeployRole\"")
                .contains("\"Service\": \"codedeploy.amazonaws.com\"");
        assertThat(root(create).err())
                .contains("An error occurred (EntityAlreadyExists) when calling the CreateRole operation: Role with name ecsCodeDeployRole "
                        + "already exists.");
        ok("iam", "attach-role-policy", "--role-name", "ecsCodeDeployRole", "--policy-arn", "arn:aws:iam::aws:policy/AWSCodeDeployRoleForECS");
        assertThat(root("iam", "attach-role-policy", "--role-name", "ecsCodeDeployRole", "--policy-arn", "arn:aws:iam::aws:policy/Nonsense").err())
                .contains("An error occurred (NoSuchEntity) when calling the AttachRolePolicy operation: Policy "
                        + "arn:aws:iam::aws:policy/Nonsense does not exist or is not attachable.");
        assertThat(ok("iam", "list-attached-role-policies", "--role-name", "ecsCodeDeployRole", "--query", "AttachedPolicies[].PolicyName",
                "--output", "text"))
                .isEqualTo("AWSCodeDeployRoleForECS");
        assertThat(root("iam", "delete-role", "--role-name", "ecsCodeDeployRole").err())
                .contains("An error occurred (DeleteConflict) when calling the DeleteRole operation: Cannot delete entity, must detach all "
                        + "policies first.");
        assertThat(ok("iam", "get-role", "--role-name", "ecsCodeDeployRole", "--query",
                "Role.AssumeRolePolicyDocument.Statement[0].Principal.Service", "--output", "text"))
                .isEqualTo("codedeploy.amazonaws.com");
        ok("iam", "detach-role-policy", "--role-name", "ecsCodeDeployRole", "--policy-arn", "arn:aws:iam::aws:policy/AWSCodeDeployRoleForECS");
        ok("iam", "delete-role", "--role-name", "ecsCodeDeployRole");
        assertThat(root("iam", "create-role", "--role-name", "r", "--assume-role-policy-document", "{oops").err())
                .contains("(MalformedPolicyDocument)");
    }

    @Test
    void keys_and_sessions_that_were_given_out_open_the_door() throws Exception {
        assertThat(ok("sts", "get-caller-identity", "--query", "Arn", "--output", "text")).isEqualTo("arn:aws:iam::111122223333:root");
        ok("iam", "create-user", "--user-name", "dev");
        String[] made = ok("iam", "create-access-key", "--user-name", "dev", "--query", "AccessKey.[AccessKeyId,SecretAccessKey]", "--output", "text")
                .split("\\s+");
        Map<String, String> dev = key(made[0], made[1]);
        assertThat(aws(dev, "sts", "get-caller-identity", "--query", "Arn", "--output", "text").out().strip())
                .isEqualTo("arn:aws:iam::111122223333:user/dev");
        assertThat(aws(dev, "sts", "assume-role", "--role-arn", "arn:aws:iam::111122223333:role/none", "--role-session-name", "dev").err())
                .contains("An error occurred (AccessDenied) "
                + "when calling the AssumeRole operation: User: arn:aws:iam::111122223333:user/dev is not authorized to perform: sts:AssumeRole "
                + "on resource: arn:aws:iam::111122223333:role/none");
        ok("iam", "create-role", "--role-name", "deployer", "--assume-role-policy-document",
                IamWorld.trust("\"AWS\": \"arn:aws:iam::111122223333:user/dev\""));
        String[] session = aws(dev, "sts", "assume-role", "--role-arn", "arn:aws:iam::111122223333:role/deployer", "--role-session-name", "s1",
                "--query",
                "Credentials.[AccessKeyId,SecretAccessKey,SessionToken]", "--output", "text").out().strip().split("\\s+");
        Map<String, String> deployer = Map.of("AWS_ACCESS_KEY_ID", session[0], "AWS_SECRET_ACCESS_KEY", session[1], "AWS_SESSION_TOKEN", session[2]);
        assertThat(aws(deployer, "sts", "get-caller-identity", "--query", "Arn", "--output", "text").out().strip())
                .isEqualTo("arn:aws:sts::111122223333:assumed-role/deployer/s1");
        ok("iam", "update-access-key", "--user-name", "dev", "--access-key-id", made[0], "--status", "Inactive");
        assertThat(aws(dev, "sts", "get-caller-identity").err()).contains("(InvalidClientTokenId)");
        assertThat(aws(key("test", "wrong"), "sts", "get-caller-identity").err()).contains("(SignatureDoesNotMatch)");
        assertThat(aws(key("444455556666", "test"), "sts", "get-caller-identity", "--query", "Account", "--output", "text").out().strip())
                .isEqualTo("444455556666");
    }

    @Test
    void git_credentials_are_shown_once() throws Exception {
        ok("iam", "create-user", "--user-name", "dev");
        assertThat(ok("iam", "create-service-specific-credential", "--user-name", "dev", "--service-name", "codecommit.amazonaws.com", "--query",
                "ServiceSpecificCredential.[ServiceUserName,length(ServicePassword),Status]", "--output", "text"))
                .isEqualTo("dev-at-111122223333\t44\tActive");
        assertThat(ok("iam", "list-service-specific-credentials", "--user-name", "dev")).contains("dev-at-111122223333")
                .doesNotContain("ServicePassword");
    }
}
