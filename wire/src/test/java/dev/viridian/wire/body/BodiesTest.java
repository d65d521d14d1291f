package dev.viridian.wire.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.viridian.wire.Headers;
import dev.viridian.wire.auth.Identity.ChunkSeed;
import dev.viridian.wire.auth.Scope;
import dev.viridian.wire.auth.SigV4;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BodiesTest {
    /// Source: S3 API, "Signature calculations for the Authorization header: transferring payload in multiple chunks", the worked example.
    private static final Scope SCOPE = new Scope("20130524", "us-east-1", "s3");
    private static final ChunkSeed SEED = new ChunkSeed(SigV4.signingKey("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", SCOPE), "20130524T000000Z",
            SCOPE,
            "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9");
    private static final String EXAMPLE = "10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n"
            + "a".repeat(65536) + "\r\n"
            + "400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n" + "a".repeat(1024) + "\r\n"
            + "0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n";

    @Test
    void the_signed_chunks_of_AWSs_example_are_accepted() throws IOException {
        assertThat(read(EXAMPLE, signed(66560), SEED)).hasSize(66560);
    }

    @Test
    void one_changed_byte_spoils_the_body_before_its_end() {
        BodyRejected rejected = catchThrowableOfType(BodyRejected.class, () -> read(EXAMPLE.replaceFirst("aaaa\r\n400", "aaab\r\n400"),
                signed(66560), SEED));

        assertThat(rejected.code()).isEqualTo("SignatureDoesNotMatch");
    }

    @Test
    void a_cut_body_is_incomplete() {
        assertThat(catchThrowableOfType(BodyRejected.class, () -> read(EXAMPLE.substring(0, 70000 - 4000), signed(66560), SEED)).code())
                .isEqualTo("IncompleteBody");
        assertThat(catchThrowableOfType(BodyRejected.class, () -> read("abc", new Headers(), null, 5)).code()).isEqualTo("IncompleteBody");
    }

    @Test
    void a_checksum_after_the_body_is_compared() throws IOException {
        String body = "9\r\n123456789\r\n0\r\n";
        assertThat(new String(read(body + "x-amz-checksum-crc32:y/Q5Jg==\r\n\r\n", trailing("x-amz-checksum-crc32"), null), StandardCharsets.UTF_8))
                .isEqualTo("123456789");
        assertThat(read(body + "x-amz-checksum-crc64nvme:rosUhgp5mIg=\r\n\r\n", trailing("x-amz-checksum-crc64nvme"), null)).hasSize(9);
        assertThat(catchThrowableOfType(BodyRejected.class, () -> read(body + "x-amz-checksum-crc32:AAAAAA==\r\n\r\n",
                trailing("x-amz-checksum-crc32"), null)).code())
                .isEqualTo("BadDigest");
        assertThat(catchThrowableOfType(BodyRejected.class, () -> read(body + "\r\n", trailing("x-amz-checksum-crc32"), null)).code())
                .isEqualTo("MalformedTrailerError");
    }

    @Test
    void a_wrong_checksum_is_told_to_a_reader_that_stops_at_the_announced_length() throws IOException {
        Headers headers = new Headers().add("Content-MD5", "AAAAAAAAAAAAAAAAAAAAAA==");
        try (InputStream body = Bodies.flowing(new ByteArrayInputStream("hello".getBytes()), headers, 5, null)) {
            assertThat(catchThrowableOfType(BodyRejected.class, () -> body.readNBytes(5)).code()).isEqualTo("BadDigest");
        }
    }

    private static Headers signed(long length) {
        return new Headers().add("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD")
                .add("x-amz-decoded-content-length", Long.toString(length));
    }

    private static Headers trailing(String checksum) {
        return new Headers().add("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER").add("x-amz-trailer", checksum)
                .add("x-amz-decoded-content-length", "9");
    }

    private static byte[] read(String body, Headers headers, ChunkSeed seed) throws IOException {
        return read(body, headers, seed, body.length());
    }

    private static byte[] read(String body, Headers headers, ChunkSeed seed, long announced) throws IOException {
        try (InputStream in = Bodies.flowing(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)), headers, announced, seed)) {
            return in.readAllBytes();
        }
    }
}
