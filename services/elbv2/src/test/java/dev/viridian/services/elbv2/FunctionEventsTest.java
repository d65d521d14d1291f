package dev.viridian.services.elbv2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.viridian.proxy.FunctionTargets.Answer;
import dev.viridian.proxy.FunctionTargets.Header;
import dev.viridian.proxy.FunctionTargets.Request;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Events and answers as the user guide of AWS shows them.
class FunctionEventsTest {
    private static final String GROUP = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/fn/0123456789abcdef";

    private static Request request(String query, String body, Header... headers) {
        return new Request("POST", "/a%20b", query, List.of(headers), body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void an_event_shows_the_last_value_of_each_name_and_lower_case_headers() {
        assertThat(FunctionEvents.event(GROUP, request("k=1&k=%32&flag", "{}", new Header("Content-Type", "application/json"),
                new Header("X-A", "1"), new Header("x-a", "2")), false)).isEqualTo("""
                {"requestContext":{"elb":{"targetGroupArn":"%s"}},"httpMethod":"POST","path":"/a%%20b",\
                "queryStringParameters":{"k":"%%32","flag":""},"headers":{"content-type":"application/json","x-a":"2"},\
                "body":"{}","isBase64Encoded":false}""".formatted(GROUP));
    }

    @Test
    void with_multi_value_headers_an_event_shows_them_all() {
        assertThat(FunctionEvents.event(GROUP, request("k=1&k=2", "", new Header("X-A", "1"), new Header("x-a", "2")), true)).isEqualTo("""
                {"requestContext":{"elb":{"targetGroupArn":"%s"}},"httpMethod":"POST","path":"/a%%20b",\
                "multiValueQueryStringParameters":{"k":["1","2"]},"multiValueHeaders":{"x-a":["1","2"]},\
                "body":"","isBase64Encoded":false}""".formatted(GROUP));
    }

    @Test
    void a_body_that_is_not_text_is_encoded() {
        assertThat(FunctionEvents.event(GROUP, request("", "abc", new Header("Content-Type", "image/png")), false))
                .contains("\"body\":\"YWJj\",\"isBase64Encoded\":true");
        assertThat(FunctionEvents.event(GROUP, request("", "abc", new Header("Content-Type", "text/plain"), new Header("Content-Encoding", "gzip")),
                false)).contains("\"isBase64Encoded\":true");
        assertThat(FunctionEvents.event(GROUP, request("", "abc", new Header("Content-Type", "text/plain; charset=utf-8")), false))
                .contains("\"body\":\"abc\",\"isBase64Encoded\":false");
    }

    private static Answer answer(String json, boolean multi) throws Exception {
        return FunctionEvents.answer(json.getBytes(StandardCharsets.UTF_8), multi);
    }

    @Test
    void an_answer_is_read_as_the_group_wants_headers_to_be() throws Exception {
        Answer single = answer("""
                {"statusCode": 201, "statusDescription": "201 Created", "headers": {"X-A": "1"}, "multiValueHeaders": {"X-B": ["2"]},
                 "body": "aGk=", "isBase64Encoded": true}""", false);
        assertThat(single.status()).isEqualTo(201);
        assertThat(single.reason()).isEqualTo("Created");
        assertThat(single.headers()).containsExactly(new Header("X-A", "1"));
        assertThat(single.body()).isEqualTo("hi".getBytes(StandardCharsets.UTF_8));
        assertThat(answer("{\"statusCode\": 200, \"multiValueHeaders\": {\"Set-Cookie\": [\"a=1\", \"b=2\"]}}", true).headers())
                .containsExactly(new Header("Set-Cookie", "a=1"), new Header("Set-Cookie", "b=2"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "null", "[]", "\"text\"", "{}", "{\"statusCode\": \"200\"}", "{\"statusCode\": 99}",
        "{\"statusCode\": 200, \"body\": {}}", "{\"statusCode\": 200, \"body\": \"*\", \"isBase64Encoded\": true}",
        "{\"statusCode\": 200, \"headers\": {\"a\": [\"b\"]}}"})
    void what_is_not_an_answer_is_malformed(String json) {
        assertThatThrownBy(() -> answer(json, false)).isInstanceOf(FunctionEvents.Malformed.class);
    }
}
