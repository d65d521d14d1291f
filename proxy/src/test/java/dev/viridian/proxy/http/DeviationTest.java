package dev.viridian.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What is odd about a request is told by the names others use.
class DeviationTest {
    private static final String POST = "POST /a HTTP/1.1\r\nHost: a\r\n";
    private static final String GET = "GET /a HTTP/1.1\r\nHost: a\r\n";

    static Stream<Arguments> requests() {
        return Stream.of(
                is("Compliant", true, GET + "X_A: \u00e4\r\n"),
                is("Compliant", true, POST + "Content-Length: 5\r\n"),
                is("Compliant", true, POST + "Transfer-Encoding: chunked\r\n"),
                is("Compliant", true, "GET /\u00e4?a%zz HTTP/1.1\r\nHost: a\r\n"),
                is("Acceptable GetHeadZeroContentLength", true, GET + "Content-Length: 0\r\n"),
                is("Acceptable GetHeadZeroContentLength", true, "HEAD / HTTP/1.0\r\nContent-Length: 0\r\n"),
                is("Acceptable NonCompliantHeader", false, GET + "X-A : b\r\n"),
                is("Acceptable NonCompliantHeader", false, GET + "X-\u00e4: b\r\n"),
                is("Acceptable NonCompliantHeader", false, GET + "X-A: \u0001\r\n"),
                is("Acceptable SpaceInUri", false, "GET /a b HTTP/1.1\r\nHost: a\r\n"),
                is("Acceptable SpaceInUri", false, "GET /  HTTP/1.1\r\nHost: a\r\n"),
                is("Acceptable NonCompliantVersion", false, "GET / HTTP/1.2\r\nHost: a\r\n"),
                is("Acceptable NonCompliantVersion", false, "GET / HTTP/1.1 \r\nHost: a\r\n"),
                is("Acceptable NonCompliantVersion", false, "GET /\r\n"),
                is("Acceptable NonCrLfLineTermination", false, GET + "X-A: b\n"),
                is("Ambiguous EmptyHeader", false, GET + ": b\r\n"),
                is("Ambiguous AmbiguousUri", false, "GET /\u0001 HTTP/1.1\r\nHost: a\r\n"),
                is("Ambiguous AmbiguousUri", false, "GET /\t HTTP/1.1\r\nHost: a\r\n"),
                is("Ambiguous UndefinedContentLengthSemantics", true, GET + "Content-Length: 1\r\n"),
                is("Ambiguous UndefinedTransferEncodingSemantics", true, GET + "Transfer-Encoding: chunked\r\n"),
                is("Ambiguous UndefinedTransferEncodingSemantics", false, "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n"),
                is("Ambiguous DuplicateContentLength", false, POST + "Content-Length: 1\r\nContent-Length: 01\r\n"),
                is("Ambiguous BothTeClPresent", false, POST + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n"),
                is("Ambiguous BothTeClPresent", false, POST + "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n"),
                is("Ambiguous SuspiciousHeader", true, POST + "Transfer_Encoding: chunked\r\n"),
                is("Ambiguous SuspiciousHeader", true, POST + "Content.Length: 5\r\n"),
                is("Ambiguous SuspiciousHeader", false, POST + "Transfer-Encoding : chunked\r\n"),
                is("Ambiguous SuspiciousHeader", false, POST + "Content_Length : 5\r\n"),
                is("Ambiguous MultilineHeader", false, GET + "X-A: b\r\n c\r\n"),
                is("Ambiguous MissingHeaderColon", false, GET + "X-A\r\n"),
                is("Ambiguous MissingUri", false, "GET \r\nHost: a\r\n"),
                is("Severe BadHeader", false, GET + "X-A: b\0\r\n"),
                is("Severe BadHeader", false, GET + "X\0: b\r\n"),
                is("Severe BadHeader", false, GET + "X-A: b\rc\r\n"),
                is("Severe BadUri", false, "GET /\0 HTTP/1.1\r\nHost: a\r\n"),
                is("Severe BadUri", false, "GET /\r HTTP/1.1\r\nHost: a\r\n"),
                is("Severe BadVersion", false, "GET / HTTP/11\r\nHost: a\r\n"),
                is("Severe BadVersion", false, "GET / http/1.1\r\nHost: a\r\n"),
                is("Severe BadVersion", false, "GET / HTTP/2.0\r\nHost: a\r\n"),
                is("Severe MultipleContentLength", false, POST + "Content-Length: 1\r\nContent-Length: 2\r\n"),
                is("Severe BadContentLength", false, POST + "Content-Length: +1\r\n"),
                is("Severe BadContentLength", false, POST + "Content-Length: 1, 1\r\n"),
                is("Severe BadContentLength", false, POST + "Content-Length: 18446744073709551619\r\n"),
                is("Severe MultipleTransferEncodingChunked", false, POST + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
                is("Severe BadTransferEncoding", false, POST + "Transfer-Encoding: xchunked\r\n"),
                is("Severe BadMethod", false, "GE/T / HTTP/1.1\r\nHost: a\r\n"),
                // Refused for reasons that have no such name.
                is("Compliant", false, GET + "Host: b\r\n"),
                is("Compliant", false, "GET /a#b HTTP/1.1\r\nHost: a\r\n"),
                is("Compliant", false, POST + "Transfer-Encoding: gzip\r\n"));
    }

    private static Arguments is(String expected, boolean accepted, String head) {
        return Arguments.of(expected, accepted, head);
    }

    @ParameterizedTest(name = "{0}, accepted {1}: {2}")
    @MethodSource("requests")
    void a_request_is_classified(String expected, boolean accepted, String head) {
        byte[] bytes = (head + "\r\n\0\0").getBytes(StandardCharsets.ISO_8859_1);
        RequestHead read = new RequestHead();
        Refusal refusal = read.read(bytes, 0, bytes.length - 2);
        assertThat(refusal == null).isEqualTo(accepted);
        Deviation deviation = refusal == null ? read.deviation() : refusal.deviation();
        assertThat(deviation.tier().code() + (deviation == Deviation.NONE ? "" : " " + deviation.code())).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"Transfer_Encoding,true", "transfer.encoding,true", "TransferXEncoding,true", "-Transfer-Encoding-,true", "Transfer--Encoding,true",
        "Content_Length,true", "content'length,true", "'Content-Length!',true", "TransferEncoding,false", "ContentLength,false",
        "X-Transfer-Encoding,false", "Content-Language,false", "Content-Length2,false", "Content-Lengths,false", "Transfer-Encodin,false"})
    void names_that_differ_from_framing_headers_by_signs_alone_are_disguises(String name, boolean disguise) {
        byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        assertThat(Disguise.isOne(bytes, 0, bytes.length)).isEqualTo(disguise);
    }

    @Test
    void codes_are_written_as_others_write_them() {
        assertThat(Deviation.BOTH_TE_CL_PRESENT.code()).isEqualTo("BothTeClPresent");
        assertThat(Deviation.NON_CR_LF_LINE_TERMINATION.code()).isEqualTo("NonCrLfLineTermination");
        assertThat(Deviation.Tier.ACCEPTABLE.code()).isEqualTo("Acceptable");
    }
}
