package dev.viridian.wire;

import dev.viridian.wire.protocol.Answer;
import java.util.Map;

/// What S3 does to the head of an object's answer that no model says.
final class S3Habits {
    private static final Map<String, String> OVERRIDES = Map.of("response-content-type", "Content-Type", "response-content-language",
            "Content-Language",
            "response-expires", "Expires", "response-cache-control", "Cache-Control", "response-content-disposition", "Content-Disposition",
            "response-content-encoding", "Content-Encoding");

    private S3Habits() {}

    /// A part of an object is a 206; a link may say how the object should be presented.
    static Answer partial(Answer answer, Query query) {
        OVERRIDES.forEach((parameter, header) -> query.first(parameter).ifPresent(value -> answer.with(header, value)));
        if (answer.header("Content-Type").isEmpty()) {
            answer.with("Content-Type", "binary/octet-stream");
        }
        return answer.header("Content-Range").isPresent() ? new Answer(206, answer.headers(), answer.body()) : answer;
    }
}
