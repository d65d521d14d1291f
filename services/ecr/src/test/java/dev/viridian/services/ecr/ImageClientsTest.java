package dev.viridian.services.ecr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.registry.ArchiveLimits;
import dev.viridian.registry.Platform;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ecr.model.ImageDetail;

/// What a person with skopeo or docker sees.
class ImageClientsTest {
    private record Result(int exit, String output) {}

    private static final SmallImage HELLO = SmallImage.saying("hello");
    @TempDir
    Path work;
    private World world;

    @BeforeEach
    void open() throws Exception {
        world = new World(work.resolve("registry")).withShop();
        HELLO.write(work.resolve("image"));
        Files.writeString(work.resolve("policy.json"), "{\"default\":[{\"type\":\"insecureAcceptAnything\"}]}");
    }

    @AfterEach
    void close() throws Exception {
        world.close();
    }

    @Test
    void an_image_pushed_with_a_password_of_the_api_is_seen_by_the_api_with_the_same_digest() {
        assertThat(push("dev", "shop:1").exit()).isZero();

        ImageDetail detail = world.as(() -> world.ecr.describeImages(r -> r.repositoryName("shop"))).imageDetails().getFirst();
        assertThat(detail.imageDigest()).isEqualTo(HELLO.digest());
        assertThat(detail.imageTags()).containsExactly("1");
        assertThat(world.told()).singleElement().satisfies(event -> {
            assertThat(event.action()).isEqualTo(ImageEvent.Action.PUSH);
            assertThat(event.tag()).contains("1");
            assertThat(event.callerArn()).isEqualTo("arn:aws:iam::111122223333:user/dev");
        });
        assertThat(skopeo("copy", "--src-tls-verify=false", "--src-creds", "AWS:" + world.password("dev"), "docker://" + world.image("shop:1"),
                "dir:pulled").exit()).isZero();
        assertThat(work.resolve("pulled/manifest.json")).hasBinaryContent(HELLO.manifest());
    }

    @Test
    void what_goes_wrong_is_said_in_ecrs_words() throws Exception {
        assertThat(push("dev", "gone:1").output()).contains("The repository with name 'gone' does not exist in the registry with id '111122223333'");
        assertThat(push("uploader", "shop:1").output())
                .contains("is not authorized to perform: ecr:PutImage on resource: arn:aws:ecr:us-east-1:111122223333:repository/shop");
        assertThat(copy("AWS:guess", "shop:1").output()).containsIgnoringCase("unauthorized");
        assertThat(skopeo("inspect", "--tls-verify=false", "--creds", "AWS:" + world.password("dev"), "docker://"
                + world.image("shop:gone")).output())
                .contains("Requested image not found");
        String password = world.password("dev");
        world.time.advance(Duration.ofHours(12));
        assertThat(skopeo("inspect", "--tls-verify=false", "--creds", "AWS:" + password, "docker://" + world.image("shop:1")).output())
                .contains("Your authorization token has expired. Reauthenticate and try again.");
        assertThat(world.told()).isEmpty();
    }

    @Test
    void a_repository_is_found_by_host_or_by_path_and_buckets_keep_their_objects() {
        var access = world.ecr.registryAccess();
        assertThat(access.locate("111122223333.dkr.ecr.us-east-1.amazonaws.com", "shop")).contains(World.SHOP);
        assertThat(access.locate("111122223333.dkr.ecr.us-east-1.localhost:4566", "shop")).contains(World.SHOP);
        assertThat(access.locate("127.0.0.1:4566", "111122223333/us-east-1/shop")).contains(World.SHOP);
        assertThat(access.locate("127.0.0.1:4566", "shop")).isEmpty();
        assertThat(access.locate("111122223333.dkr.ecr.us-east-1.amazonaws.com", "../shop")).isEmpty();
        assertThat(access.serves("127.0.0.1:4566")).isTrue();
        assertThat(access.serves("111122223333.dkr.ecr.us-east-1.amazonaws.com")).isTrue();
        assertThat(access.serves("bucket.s3.us-east-1.amazonaws.com")).isFalse();
        assertThat(access.serves("bucket.s3.localhost:4566")).isFalse();
    }

    @Test
    void deleting_goes_through_the_api_only() {
        push("dev", "shop:1");
        assertThat(skopeo("delete", "--tls-verify=false", "--creds", "AWS:" + world.password("dev"), "docker://" + world.image("shop:1")).exit())
                .isNotZero();
        assertThat(world.ecr.registry().find(World.SHOP, "1")).isPresent();
    }

    /// Needs a Docker Engine on this machine; says so when it skips.
    @Test
    void docker_logs_in_pushes_and_pulls() throws Exception {
        Assumptions.assumeTrue(run(List.of("docker", "version")).exit() == 0, "needs a running Docker Engine and docker's command line");
        String local = "viridian-test-" + UUID.randomUUID() + ":1";
        Files.write(work.resolve("load.tar"), HELLO.archive(local));
        String remote = world.image("shop:docker");
        try {
            docker("load", "-i", "load.tar");
            docker("tag", local, remote);
            assertThat(run(docker(List.of("push", remote))).output()).contains("no basic auth credentials");
            assertThat(run(List.of("sh", "-c", "echo " + world.password("dev") + " | docker --config config login -u AWS --password-stdin "
                    + world.image("shop"))).output())
                    .contains("Login Succeeded");
            assertThat(docker("push", remote)).contains("digest: sha256:");
            docker("rmi", remote, local);
            assertThat(docker("pull", remote)).contains(world.ecr.registry().resolve(World.SHOP, "docker").orElseThrow().toString());
            assertThat(run(docker(List.of("pull", world.image("shop:gone")))).output()).contains("Requested image not found");
            assertThat(run(docker(List.of("push", "-q", world.image("gone:1")))).exit()).isNotZero();
            roundTripByArchive(remote);
        } finally {
            run(docker(List.of("rmi", "-f", remote, local, local + "-back")));
        }
    }

    /// As the socket for builds does it: `docker save` in, `docker load` out.
    private void roundTripByArchive(String image) throws IOException {
        docker("save", "-o", "saved.tar", image);
        try (var saved = Files.newInputStream(work.resolve("saved.tar"))) {
            world.ecr.registry().importArchive(World.SHOP, "saved", saved, Optional.of(image), ArchiveLimits.DEFAULT, "tester");
        }
        docker("rmi", image);
        try (var archive = world.ecr.registry().exportArchive(World.SHOP, "saved", Platform.LINUX_AMD64, Optional.of(image))) {
            Files.copy(archive, work.resolve("export.tar"));
        }
        assertThat(docker("load", "-i", "export.tar")).contains("Loaded image: " + image);
        assertThat(world.ecr.registry().find(World.SHOP, "docker").orElseThrow().config().orElseThrow().digest())
                .isEqualTo(world.ecr.registry().find(World.SHOP, "saved").orElseThrow().config().orElseThrow().digest());
    }

    @Test
    void an_image_imported_from_an_archive_is_an_image_like_any_other() {
        world.ecr.registry().importArchive(World.SHOP, "saved", new ByteArrayInputStream(HELLO.archive("shop:1")), Optional.of("shop:1"),
                ArchiveLimits.DEFAULT, "arn:aws:iam::111122223333:user/dev");

        assertThat(world.as(() -> world.ecr.describeImages(r -> r.repositoryName("shop"))).imageDetails()).singleElement()
                .extracting(ImageDetail::imageTags).isEqualTo(List.of("saved"));
        assertThat(world.told()).hasSize(1);
        assertThat(skopeo("inspect", "--tls-verify=false", "--creds", "AWS:" + world.password("dev"), "docker://" + world.image("shop:saved"))
                .exit()).isZero();
    }

    private Result push(String user, String image) {
        return copy("AWS:" + world.password(user), image);
    }

    private Result copy(String credentials, String image) {
        return skopeo("copy", "--dest-tls-verify=false", "--dest-creds", credentials, "dir:image", "docker://" + world.image(image));
    }

    private Result skopeo(String... arguments) {
        List<String> command = new ArrayList<>(List.of("skopeo", "--policy", "policy.json"));
        command.addAll(List.of(arguments));
        return run(command);
    }

    private String docker(String... arguments) {
        Result result = run(docker(List.of(arguments)));
        assertThat(result.exit()).as("docker %s: %s", String.join(" ", arguments), result.output()).isZero();
        return result.output();
    }

    private static List<String> docker(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("docker", "--config", "config"));
        command.addAll(arguments);
        return command;
    }

    private Result run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command).directory(work.toFile()).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes());
            return new Result(process.waitFor(), output);
        } catch (IOException e) {
            return Assumptions.abort("needs " + command.getFirst() + ", which could not be started: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while " + command + " ran", e);
        }
    }
}
