package dev.viridian.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryHostTest {
    private static final byte[] NOTHING = {};
    @TempDir
    Path work;
    private RunningRegistry host;

    @BeforeEach
    void start() throws Exception {
        host = new RunningRegistry(work.resolve("registry"));
    }

    @AfterEach
    void stop() throws Exception {
        host.close();
    }

    @Test
    void the_base_path_tells_clients_to_authenticate_and_then_that_all_is_well() throws Exception {
        HttpResponse<String> without = host.sendAs("", "GET", "/v2/", NOTHING);
        assertThat(without.statusCode()).isEqualTo(401);
        assertThat(without.headers().firstValue("WWW-Authenticate")).hasValueSatisfying(value -> assertThat(value).startsWith("Basic realm="));
        assertThat(without.headers().firstValue("Docker-Distribution-Api-Version")).contains("registry/2.0");
        assertThat(host.sendAs("dev:guess", "GET", "/v2/", NOTHING).body())
                .isEqualTo("{\"errors\":[{\"code\":\"DENIED\",\"message\":\"wrong password\"}]}");
        assertThat(host.send("GET", "/v2/", NOTHING).statusCode()).isEqualTo(200);
    }

    @Test
    void a_blob_uploaded_in_chunks_can_be_read_whole_and_in_part() throws Exception {
        byte[] content = noise(300_000);
        String upload = begin("shop");
        assertThat(patch(upload, content, 0, 100_000).headers().firstValue("Range")).contains("0-99999");
        HttpResponse<String> gap = patch(upload, content, 150_000, 300_000);
        assertThat(gap.statusCode()).isEqualTo(416);
        assertThat(gap.headers().firstValue("Range")).contains("0-99999");
        assertThat(host.send("GET", upload, NOTHING).headers().firstValue("Range")).contains("0-99999");
        assertThat(patch(upload, content, 100_000, 200_000).statusCode()).isEqualTo(202);
        assertThat(host.send("PUT", upload + "?digest=" + Digest.of(content), Arrays.copyOfRange(content, 200_000, 300_000)).statusCode())
                .isEqualTo(201);

        String blob = "/v2/shop/blobs/" + Digest.of(content);
        assertThat(host.send("HEAD", blob, NOTHING).headers().firstValue("Content-Length")).contains("300000");
        assertThat(host.send("GET", blob, NOTHING).statusCode()).isEqualTo(200);
        HttpResponse<String> part = host.send("GET", blob, NOTHING, "Range", "bytes=10-19");
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.headers().firstValue("Content-Range")).contains("bytes 10-19/300000");
        assertThat(host.send("GET", blob, NOTHING, "Range", "bytes=300000-").statusCode()).isEqualTo(416);
    }

    @Test
    void a_blob_whose_digest_is_wrong_is_never_served() throws Exception {
        String upload = begin("shop");
        Digest promised = Digest.of("good".getBytes(StandardCharsets.UTF_8));
        HttpResponse<String> answer = host.send("PUT", upload + "?digest=" + promised, "evil".getBytes(StandardCharsets.UTF_8));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("DIGEST_INVALID");
        assertThat(host.send("HEAD", "/v2/shop/blobs/" + promised, NOTHING).statusCode()).isEqualTo(404);
        assertThat(host.send("GET", upload, NOTHING).body()).contains("BLOB_UPLOAD_UNKNOWN");
    }

    @Test
    void a_blob_belongs_to_the_repository_it_was_pushed_to_until_it_is_mounted_elsewhere() throws Exception {
        byte[] content = noise(1_000);
        push("shop", content);
        String digest = Digest.of(content).toString();

        assertThat(host.send("HEAD", "/v2/other/blobs/" + digest, NOTHING).statusCode()).isEqualTo(404);
        assertThat(host.send("POST", "/v2/other/blobs/uploads/?mount=" + digest + "&from=team/shop", NOTHING).statusCode()).isEqualTo(202);
        assertThat(host.send("POST", "/v2/other/blobs/uploads/?mount=" + digest + "&from=shop", NOTHING).statusCode()).isEqualTo(201);
        assertThat(host.send("HEAD", "/v2/other/blobs/" + digest, NOTHING).statusCode()).isEqualTo(200);
    }

    @Test
    void an_upload_of_one_repository_is_unknown_to_another() throws Exception {
        String upload = begin("shop");
        assertThat(host.send("PATCH", upload.replace("/shop/", "/other/"), noise(10)).body()).contains("BLOB_UPLOAD_UNKNOWN");
        assertThat(host.send("PATCH", "/v2/shop/blobs/uploads/..", noise(10)).statusCode()).isBetween(400, 499);
    }

    @Test
    void a_manifest_is_taken_only_when_all_it_refers_to_is_here() throws Exception {
        TestImage image = TestImage.saying("hello");
        assertThat(putManifest("shop", "1", image.manifest()).body()).contains("MANIFEST_BLOB_UNKNOWN");
        push("shop", image.layer());
        push("shop", image.config());
        HttpResponse<String> put = putManifest("shop", "1", image.manifest());
        assertThat(put.statusCode()).isEqualTo(201);
        assertThat(put.headers().firstValue("Docker-Content-Digest")).contains(Digest.of(image.manifest()).toString());

        HttpResponse<String> got = host.send("GET", "/v2/shop/manifests/1", NOTHING);
        assertThat(got.body().getBytes(StandardCharsets.UTF_8)).isEqualTo(image.manifest());
        assertThat(got.headers().firstValue("Content-Type")).contains(MediaTypes.OCI_MANIFEST);
        assertThat(host.send("GET", "/v2/shop/manifests/" + Digest.of(image.manifest()), NOTHING).statusCode()).isEqualTo(200);
        assertThat(host.send("GET", "/v2/shop/manifests/2", NOTHING).body()).contains("MANIFEST_UNKNOWN", "Requested image not found");
        assertThat(host.send("GET", "/v2/unknown/manifests/2", NOTHING).body()).contains("NAME_UNKNOWN");
    }

    @Test
    void manifests_that_are_none_are_refused() throws Exception {
        assertThat(putManifest("shop", "1", "{".getBytes(StandardCharsets.UTF_8)).body()).contains("MANIFEST_INVALID", "not JSON");
        assertThat(putManifest("shop", "1", "{\"schemaVersion\":1}".getBytes(StandardCharsets.UTF_8)).body()).contains("schemaVersion 2");
        assertThat(putManifest("shop", "1", "{\"schemaVersion\":2}".getBytes(StandardCharsets.UTF_8)).body()).contains("'config'");
        assertThat(putManifest("shop", "-bad", "{}".getBytes(StandardCharsets.UTF_8)).body()).contains("TAG_INVALID");
        assertThat(putManifest("shop", "1", new byte[Manifest.LARGEST + 1]).statusCode()).isEqualTo(413);
        assertThat(host.send("PUT", "/v2/shop/manifests/1", TestImage.saying("x").manifest(), "Content-Type", MediaTypes.DOCKER_MANIFEST).body())
                .contains("was sent as");
        assertThat(putManifest("shop", Digest.of(NOTHING).toString(), TestImage.saying("x").manifest()).body()).contains("DIGEST_INVALID");
    }

    @Test
    void tags_come_in_pages_and_a_tag_the_catalogue_protects_does_not_move() throws Exception {
        for (String tag : List.of("c", "a", "b", "fixed")) {
            pushImage("shop", tag, TestImage.saying("hello"));
        }
        HttpResponse<String> page = host.send("GET", "/v2/shop/tags/list?n=2", NOTHING);
        assertThat(page.body()).isEqualTo("{\"name\":\"shop\",\"tags\":[\"a\",\"b\"]}");
        assertThat(page.headers().firstValue("Link")).contains("</v2/shop/tags/list?n=2&last=b>; rel=\"next\"");
        assertThat(host.send("GET", "/v2/shop/tags/list?n=2&last=b", NOTHING).body()).contains("[\"c\",\"fixed\"]");
        assertThat(putManifest("shop", "fixed", TestImage.saying("hello").manifest()).body()).contains("TAG_INVALID");
    }

    @Test
    void an_index_needs_its_images_and_something_attached_to_an_image_is_listed_with_it() throws Exception {
        TestImage image = TestImage.saying("hello");
        byte[] index = """
                {"schemaVersion":2,"mediaType":"%s","manifests":[
                {"mediaType":"%s","digest":"%s","size":%d,"platform":{"os":"linux","architecture":"amd64"}}]}"""
                .formatted(MediaTypes.OCI_INDEX, MediaTypes.OCI_MANIFEST, Digest.of(image.manifest()), image.manifest().length)
                .getBytes(StandardCharsets.UTF_8);
        assertThat(host.send("PUT", "/v2/shop/manifests/multi", index, "Content-Type", MediaTypes.OCI_INDEX).body())
                .contains("MANIFEST_BLOB_UNKNOWN");
        pushImage("shop", "1", image);
        assertThat(host.send("PUT", "/v2/shop/manifests/multi", index, "Content-Type", MediaTypes.OCI_INDEX).statusCode()).isEqualTo(201);
        assertThat(host.registry.image(RunningRegistry.SHOP, "multi", Platform.LINUX_AMD64).digest()).isEqualTo(Digest.of(image.manifest()));

        byte[] signature = new String(image.manifest(), StandardCharsets.UTF_8)
                .replaceFirst("\"config\"", "\"artifactType\":\"test/signature\",\"subject\":"
                + "{\"mediaType\":\"" + MediaTypes.OCI_INDEX + "\",\"digest\":\"" + Digest.of(index) + "\",\"size\":" + index.length + "},\"config\"")
                .getBytes(StandardCharsets.UTF_8);
        assertThat(putManifest("shop", Digest.of(signature).toString(), signature).headers().firstValue("OCI-Subject"))
                .contains(Digest.of(index).toString());
        assertThat(host.send("GET", "/v2/shop/referrers/" + Digest.of(index) + "?artifactType=test/signature", NOTHING).body())
                .contains(Digest.of(signature).toString());
    }

    @Test
    void deleting_a_tag_keeps_the_image_and_deleting_the_digest_removes_it() throws Exception {
        TestImage image = TestImage.saying("hello");
        pushImage("shop", "1", image);
        String byDigest = "/v2/shop/manifests/" + Digest.of(image.manifest());

        assertThat(host.send("DELETE", "/v2/shop/manifests/1", NOTHING).statusCode()).isEqualTo(202);
        assertThat(host.send("GET", "/v2/shop/manifests/1", NOTHING).statusCode()).isEqualTo(404);
        assertThat(host.send("GET", byDigest, NOTHING).statusCode()).isEqualTo(200);
        assertThat(host.send("DELETE", byDigest, NOTHING).statusCode()).isEqualTo(202);
        assertThat(host.send("GET", byDigest, NOTHING).statusCode()).isEqualTo(404);
        assertThat(host.send("POST", byDigest, NOTHING).statusCode()).isEqualTo(405);
    }

    @Test
    void the_same_layer_pushed_by_many_at_once_is_stored_once_and_good() throws Exception {
        byte[] content = noise(2_000_000);
        List<CompletableFuture<Integer>> pushes = java.util.stream.IntStream.range(0, 6).mapToObj(i -> CompletableFuture.supplyAsync(() -> {
            try {
                return push(i % 2 == 0 ? "shop" : "other", content);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        })).toList();

        assertThat(pushes).allSatisfy(push -> assertThat(push.join()).isEqualTo(201));
        assertThat(Digest.of(host.registry.blobs().find(RunningRegistry.SHOP, Digest.of(content)).orElseThrow().bytes(3_000_000)))
                .isEqualTo(Digest.of(content));
    }

    private String begin(String repository) throws IOException {
        HttpResponse<String> begun = host.send("POST", "/v2/" + repository + "/blobs/uploads/", NOTHING);
        assertThat(begun.statusCode()).isEqualTo(202);
        return begun.headers().firstValue("Location").orElseThrow();
    }

    private HttpResponse<String> patch(String upload, byte[] content, int from, int to) throws IOException {
        return host.send("PATCH", upload, Arrays.copyOfRange(content, from, to), "Content-Range", from + "-" + (to - 1));
    }

    private int push(String repository, byte[] content) throws IOException {
        return host.send("PUT", begin(repository) + "?digest=" + Digest.of(content), content).statusCode();
    }

    private void pushImage(String repository, String tag, TestImage image) throws IOException {
        push(repository, image.layer());
        push(repository, image.config());
        assertThat(putManifest(repository, tag, image.manifest()).statusCode()).isEqualTo(201);
    }

    private HttpResponse<String> putManifest(String repository, String reference, byte[] manifest) throws IOException {
        return host.send("PUT", "/v2/" + repository + "/manifests/" + reference, manifest, "Content-Type", MediaTypes.OCI_MANIFEST);
    }

    private static byte[] noise(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
