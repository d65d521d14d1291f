package dev.viridian.services.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.services.s3.S3OnTheWire.Result;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What people do with S3 all day, by the real `aws`. Where none is installed, there is nothing to run.
class CliTest {
    @TempDir
    private Path folder;
    private S3OnTheWire wire;

    /// An old and a new one differ in how bodies travel; one is enough for the rest.
    static Stream<Path> clis() {
        return S3OnTheWire.clis().stream();
    }

    static Stream<Path> cli() {
        return S3OnTheWire.clis().stream().filter(path -> path.startsWith("/usr/bin")).limit(1);
    }

    @BeforeEach
    void start() throws Exception {
        wire = new S3OnTheWire(folder);
    }

    @AfterEach
    void stop() throws Exception {
        wire.close();
    }

    private String ok(Path cli, String... arguments) throws Exception {
        Result result = wire.aws(cli, arguments);
        assertThat(result.status()).as(result.out() + result.err()).isZero();
        return result.out();
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("cli")
    void a_folder_goes_up_is_kept_in_step_and_comes_down(Path cli) throws Exception {
        Path local = Files.createDirectories(folder.resolve("site/sub dir"));
        Files.writeString(folder.resolve("site/index.html"), "<h1>green</h1>");
        Files.writeString(local.resolve("ä+ö.txt"), "umlauts");
        assertThat(ok(cli, "s3", "mb", "s3://site-bucket")).contains("make_bucket: site-bucket");
        ok(cli, "s3", "sync", "site", "s3://site-bucket/www");
        assertThat(ok(cli, "s3", "ls", "s3://site-bucket/www/")).contains("PRE sub dir/").contains("14 index.html");
        assertThat(ok(cli, "s3", "sync", "site", "s3://site-bucket/www")).isEmpty();
        Files.delete(local.resolve("ä+ö.txt"));
        ok(cli, "s3", "sync", "--delete", "site", "s3://site-bucket/www");
        ok(cli, "s3", "sync", "s3://site-bucket/www", "back");
        assertThat(folder.resolve("back/index.html")).hasContent("<h1>green</h1>");
        assertThat(folder.resolve("back/sub dir")).doesNotExist();
        assertThat(ok(cli, "s3api", "head-object", "--bucket", "site-bucket", "--key", "www/index.html", "--query", "ContentType"))
                .contains("text/html");
        assertThat(wire.aws(cli, "s3", "rb", "s3://site-bucket").err()).contains("(BucketNotEmpty)")
                .contains("The bucket you tried to delete is not empty");
        ok(cli, "s3", "rb", "--force", "s3://site-bucket");
        assertThat(ok(cli, "s3", "ls")).isEmpty();
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("clis")
    void a_large_file_goes_in_parts_and_comes_back_whole(Path cli) throws Exception {
        byte[] bytes = new byte[20 * 1024 * 1024 + 7];
        new Random(7).nextBytes(bytes);
        Files.write(folder.resolve("large.bin"), bytes);
        ok(cli, "s3", "mb", "s3://large-bucket");
        ok(cli, "s3", "cp", "--no-progress", "large.bin", "s3://large-bucket/large.bin");
        assertThat(ok(cli, "s3api", "head-object", "--bucket", "large-bucket", "--key", "large.bin", "--query", "ETag")).contains("-3");
        ok(cli, "s3", "cp", "--no-progress", "s3://large-bucket/large.bin", "s3://large-bucket/copy.bin");
        ok(cli, "s3", "cp", "--no-progress", "s3://large-bucket/copy.bin", "back.bin");
        assertThat(Files.readAllBytes(folder.resolve("back.bin"))).isEqualTo(bytes);
        assertThat(ok(cli, "s3api", "get-object", "--bucket", "large-bucket", "--key", "large.bin", "--range", "bytes=5242870-5242889", "part.bin"))
                .contains("bytes 5242870-5242889/");
        assertThat(Files.readAllBytes(folder.resolve("part.bin"))).isEqualTo(Arrays.copyOfRange(bytes, 5242870, 5242890));
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("cli")
    void errors_print_what_users_know(Path cli) throws Exception {
        ok(cli, "s3api", "create-bucket", "--bucket", "some-bucket");
        assertThat(wire.aws(cli, "s3api", "get-object", "--bucket", "some-bucket", "--key", "none", "x").err())
                .contains("An error occurred (NoSuchKey) when calling the GetObject operation: The specified key does not exist.");
        assertThat(wire.aws(cli, "s3api", "list-objects-v2", "--bucket", "no-such-bucket").err())
                .contains("An error occurred (NoSuchBucket) when calling the ListObjectsV2 operation: The specified bucket does not exist");
        assertThat(wire.aws(cli, "s3api", "head-object", "--bucket", "some-bucket", "--key", "none").err())
                .contains("An error occurred (404) when calling the HeadObject operation: Not Found");
        assertThat(wire.aws(cli, "s3api", "get-bucket-policy", "--bucket", "some-bucket").err())
                .contains("An error occurred (NoSuchBucketPolicy) when calling the GetBucketPolicy operation: The bucket policy does not exist");
        assertThat(wire.aws(cli, "s3api", "get-object", "--bucket", "some-bucket", "--key", "k", "--if-none-match", "*", "x").status()).isNotZero();
        assertThat(wire.aws(cli, "s3api", "put-bucket-lifecycle-configuration", "--bucket", "some-bucket", "--lifecycle-configuration",
                "{\"Rules\": [{\"ID\": \"x\", \"Status\": \"Enabled\", \"Filter\": {\"Prefix\": \"\"}, \"Expiration\": {\"Days\": 1}}]}").err())
                .contains("(NotImplemented)");
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("cli")
    void a_link_gives_the_object_to_who_has_it(Path cli) throws Exception {
        Files.writeString(folder.resolve("page.html"), "hello");
        ok(cli, "s3", "mb", "s3://link-bucket");
        ok(cli, "s3", "cp", "page.html", "s3://link-bucket/a page.html");
        String link = ok(cli, "s3", "presign", "s3://link-bucket/a page.html", "--expires-in", "60").strip();
        HttpClient http = HttpClient.newHttpClient();
        assertThat(http.send(HttpRequest.newBuilder(URI.create(link)).build(), BodyHandlers.ofString()).body()).isEqualTo("hello");
        String forged = link.substring(0, link.length() - 4) + "0000";
        assertThat(http.send(HttpRequest.newBuilder(URI.create(forged)).build(), BodyHandlers.ofString()).statusCode()).isEqualTo(403);
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("cli")
    void a_versioned_object_is_deleted_and_restored(Path cli) throws Exception {
        Files.writeString(folder.resolve("f"), "one");
        ok(cli, "s3", "mb", "s3://versioned-bucket");
        ok(cli, "s3api", "put-bucket-versioning", "--bucket", "versioned-bucket", "--versioning-configuration", "Status=Enabled");
        ok(cli, "s3api", "put-object", "--bucket", "versioned-bucket", "--key", "k", "--body", "f", "--metadata", "colour=green", "--tagging", "a=b");
        String marker = ok(cli, "s3api", "delete-object", "--bucket", "versioned-bucket", "--key", "k", "--query", "VersionId", "--output", "text")
                .strip();
        assertThat(wire.aws(cli, "s3", "cp", "s3://versioned-bucket/k", "-").status()).isNotZero();
        ok(cli, "s3api", "delete-objects", "--bucket", "versioned-bucket", "--delete", "Objects=[{Key=k,VersionId=" + marker + "}]");
        assertThat(ok(cli, "s3", "cp", "s3://versioned-bucket/k", "-")).isEqualTo("one");
        assertThat(ok(cli, "s3api", "list-object-versions", "--bucket", "versioned-bucket", "--query", "Versions[].IsLatest", "--output", "text"))
                .isEqualTo("True\n");
        assertThat(ok(cli, "s3api", "head-object", "--bucket", "versioned-bucket", "--key", "k", "--query", "Metadata.colour")).contains("green");
        assertThat(ok(cli, "s3api", "get-object-tagging", "--bucket", "versioned-bucket", "--key", "k", "--query", "TagSet[0].Value")).contains("b");
        assertThat(wire.run(List.of(cli.toString(), "--endpoint-url", wire.url(), "s3api", "get-bucket-location", "--bucket", "versioned-bucket"))
                .out()).contains("null");
    }
}
