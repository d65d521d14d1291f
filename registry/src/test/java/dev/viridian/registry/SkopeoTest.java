package dev.viridian.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Pushes and pulls by the real skopeo.
class SkopeoTest {
    @TempDir
    Path work;
    private RunningRegistry host;

    @BeforeEach
    void start() throws Exception {
        host = new RunningRegistry(work.resolve("registry"));
        Tool.expect(work, "skopeo", "--version");
        Files.writeString(work.resolve("policy.json"), "{\"default\":[{\"type\":\"insecureAcceptAnything\"}]}");
    }

    @AfterEach
    void stop() throws Exception {
        host.close();
    }

    @Test
    void an_image_pushed_is_the_image_pulled() throws Exception {
        TestImage image = TestImage.saying("hello from skopeo");
        image.writeLayout(work.resolve("layout"), "1");

        copy("oci:layout:1", "docker://" + host.host() + "/shop:1");
        copy("docker://" + host.host() + "/shop:1", "oci:pulled:1");

        assertThat(work.resolve("pulled/blobs/sha256/" + Digest.of(image.manifest()).hex())).hasBinaryContent(image.manifest());
        assertThat(work.resolve("pulled/blobs/sha256/" + Digest.of(image.layer()).hex())).hasBinaryContent(image.layer());
        assertThat(skopeo("inspect", "--creds", "dev:secret", "--tls-verify=false", "docker://" + host.host() + "/shop:1"))
                .contains(Digest.of(image.manifest()).toString());
    }

    @Test
    void an_image_converted_to_dockers_format_is_taken_too() throws Exception {
        TestImage.saying("hello from docker").writeLayout(work.resolve("layout"), "1");

        copy("oci:layout:1", "docker://" + host.host() + "/team/shop:1", "--format", "v2s2");

        assertThat(host.registry.find(new ImageName("here", "team/shop"), "1").orElseThrow().mediaType()).isEqualTo(MediaTypes.DOCKER_MANIFEST);
    }

    @Test
    void an_index_goes_in_with_all_its_images_and_out_by_platform() throws Exception {
        TestImage one = TestImage.saying("for this machine");
        TestImage other = TestImage.saying("what a builder adds about it");
        one.writeLayout(work.resolve("layout"), "1");
        other.writeLayout(work.resolve("layout"), "1");
        byte[] index = TestImage.index(one, other);
        Files.write(work.resolve("layout/blobs/sha256/" + Digest.of(index).hex()), index);
        Files.writeString(work.resolve("layout/index.json"), """
                {"schemaVersion":2,"manifests":[{"mediaType":"%s","digest":"%s","size":%d,
                "annotations":{"org.opencontainers.image.ref.name":"multi"}}]}
                """.formatted(MediaTypes.OCI_INDEX, Digest.of(index), index.length));

        copy("oci:layout:multi", "docker://" + host.host() + "/shop:multi", "--all");
        assertThat(host.registry.find(RunningRegistry.SHOP, "multi").orElseThrow().digest()).isEqualTo(Digest.of(index));
        copy("docker://" + host.host() + "/shop:multi", "oci:pulled:1", "--override-arch", "amd64");
        assertThat(work.resolve("pulled/blobs/sha256/" + Digest.of(one.manifest()).hex())).hasBinaryContent(one.manifest());

        Tool.expect(work, "tar", "-C", "layout", "-cf", "layout.tar", "index.json", "oci-layout", "blobs");
        try (var archive = Files.newInputStream(work.resolve("layout.tar"))) {
            host.registry.importArchive(new ImageName("here", "other"), "multi", archive, Optional.empty(), ArchiveLimits.DEFAULT, "tester");
        }
        assertThat(host.registry.resolve(new ImageName("here", "other"), "multi")).contains(Digest.of(index));
    }

    @Test
    void pushing_to_a_repository_that_is_not_there_says_so() throws Exception {
        TestImage.saying("hello").writeLayout(work.resolve("layout"), "1");

        Tool.Result result = Tool.run(work, command("copy", "--dest-creds", "dev:secret", "--dest-tls-verify=false", "oci:layout:1", "docker://"
                + host.host() + "/nowhere:1"));

        assertThat(result.exit()).isNotZero();
        assertThat(result.output()).contains("The repository nowhere does not exist");
    }

    @Test
    void what_is_exported_for_docker_to_load_is_an_archive_and_comes_back_the_same() throws Exception {
        TestImage.saying("there and back").writeLayout(work.resolve("layout"), "1");
        copy("oci:layout:1", "docker://" + host.host() + "/shop:1");
        try (var archive = host.registry.exportArchive(RunningRegistry.SHOP, "1", Platform.LINUX_AMD64, Optional.of("shop:exported"))) {
            Files.copy(archive, work.resolve("shop.tar"));
        }

        copy("docker-archive:shop.tar:shop:exported", "oci:loaded:1");
        copy("oci:layout:1", "docker-archive:saved.tar:shop:1");
        copy("oci:layout:1", "oci-archive:layout.tar:1");
        try (var saved = Files.newInputStream(work.resolve("saved.tar")); var layout = Files.newInputStream(work.resolve("layout.tar"))) {
            host.registry.importArchive(RunningRegistry.SHOP, "2", saved, Optional.of("shop:1"), ArchiveLimits.DEFAULT, "tester");
            host.registry.importArchive(RunningRegistry.SHOP, "3", layout, Optional.empty(), ArchiveLimits.DEFAULT, "tester");
        }
        assertThat(host.registry.resolve(RunningRegistry.SHOP, "3")).isEqualTo(host.registry.resolve(RunningRegistry.SHOP, "1"));
        assertThat(messageOf("2")).isEqualTo("there and back");
        assertThat(messageOf("3")).isEqualTo("there and back");
    }

    private String messageOf(String tag) throws Exception {
        copy("docker://" + host.host() + "/shop:" + tag, "dir:dir" + tag);
        String layer = host.registry.find(RunningRegistry.SHOP, tag).orElseThrow().layers().getFirst().digest().hex();
        Tool.expect(work, "tar", "xf", "dir" + tag + "/" + layer);
        return Files.readString(work.resolve("message"), StandardCharsets.UTF_8);
    }

    private void copy(String from, String to, String... more) {
        List<String> command = new java.util.ArrayList<>(List.of("copy", "--quiet"));
        command.addAll(List.of(more));
        if (from.startsWith("docker://")) {
            command.addAll(List.of("--src-creds", "dev:secret", "--src-tls-verify=false"));
        }
        if (to.startsWith("docker://")) {
            command.addAll(List.of("--dest-creds", "dev:secret", "--dest-tls-verify=false"));
        }
        command.addAll(List.of(from, to));
        skopeo(command.toArray(String[]::new));
    }

    private String skopeo(String... arguments) {
        return Tool.expect(work, command(arguments).toArray(String[]::new));
    }

    private List<String> command(String... arguments) {
        List<String> command = new java.util.ArrayList<>(List.of("skopeo", "--policy", "policy.json"));
        command.addAll(List.of(arguments));
        return command;
    }
}
