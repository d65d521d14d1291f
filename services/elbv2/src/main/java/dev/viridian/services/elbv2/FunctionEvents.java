package dev.viridian.services.elbv2;

import dev.viridian.engine.Decision;
import dev.viridian.proxy.FunctionTargets.Answer;
import dev.viridian.proxy.FunctionTargets.Header;
import dev.viridian.proxy.FunctionTargets.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A request as the event a function gets, and what it gives back as an answer.
///
/// Source: user guide "Use Lambda functions as targets of an Application Load Balancer".
@Decision
final class FunctionEvents {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final List<String> TEXT = List.of("text/", "application/json", "application/javascript", "application/xml");

    /// What a function gave back is not an answer; the message says why.
    static final class Malformed extends Exception {
        Malformed(String message) {
            super(message);
        }
    }

    private FunctionEvents() {}

    /// @param multi whether names of headers and parameters are shown with all their values; otherwise with the last one
    static String event(String groupArn, Request request, boolean multi) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("requestContext", Map.of("elb", Map.of("targetGroupArn", groupArn)));
        event.put("httpMethod", request.method());
        event.put("path", request.path());
        Map<String, List<String>> parameters = parameters(request.query());
        Map<String, List<String>> headers = headers(request.headers());
        event.put(multi ? "multiValueQueryStringParameters" : "queryStringParameters", multi ? parameters : last(parameters));
        event.put(multi ? "multiValueHeaders" : "headers", multi ? headers : last(headers));
        boolean encoded = request.body().length > 0 && !isText(last(headers));
        event.put("body", encoded ? Base64.getEncoder().encodeToString(request.body()) : new String(request.body(), StandardCharsets.UTF_8));
        event.put("isBase64Encoded", encoded);
        return JSON.writeValueAsString(event);
    }

    /// As the client wrote them: they are not decoded.
    private static Map<String, List<String>> parameters(String query) {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        for (String pair : query.isEmpty() ? new String[0] : query.split("&")) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            if (!name.isEmpty()) {
                parameters.computeIfAbsent(name, _ -> new ArrayList<>()).add(equals < 0 ? "" : pair.substring(equals + 1));
            }
        }
        return parameters;
    }

    private static Map<String, List<String>> headers(List<Header> headers) {
        Map<String, List<String>> byName = new LinkedHashMap<>();
        headers.forEach(header -> byName.computeIfAbsent(header.name().toLowerCase(Locale.ROOT), _ -> new ArrayList<>()).add(header.value()));
        return byName;
    }

    private static Map<String, String> last(Map<String, List<String>> values) {
        Map<String, String> last = new LinkedHashMap<>();
        values.forEach((name, all) -> last.put(name, all.getLast()));
        return last;
    }

    private static boolean isText(Map<String, String> headers) {
        String type = headers.getOrDefault("content-type", "").toLowerCase(Locale.ROOT);
        return !headers.containsKey("content-encoding") && TEXT.stream().anyMatch(type::startsWith);
    }

    static Answer answer(byte[] payload, boolean multi) throws Malformed {
        JsonNode given;
        try {
            given = JSON.readTree(payload);
        } catch (JacksonException e) {
            throw new Malformed("the function's answer is not JSON");
        }
        JsonNode status = given.path("statusCode");
        if (!status.isInt() || status.asInt() < 200 || status.asInt() > 599) {
            throw new Malformed("the function's answer has no statusCode between 200 and 599");
        }
        return new Answer(status.asInt(), reason(given.path("statusDescription")), multi ? multiHeaders(given.path("multiValueHeaders"))
                : singleHeaders(given.path("headers")), body(given));
    }

    /// `200 OK` or `OK`.
    private static String reason(JsonNode description) {
        return description.isString() ? description.asString().replaceFirst("^\\d{3} ?", "") : "";
    }

    private static List<Header> singleHeaders(JsonNode given) throws Malformed {
        List<Header> headers = new ArrayList<>();
        for (Map.Entry<String, JsonNode> each : given.properties()) {
            headers.add(new Header(each.getKey(), text(each.getValue())));
        }
        return headers;
    }

    private static List<Header> multiHeaders(JsonNode given) throws Malformed {
        List<Header> headers = new ArrayList<>();
        for (Map.Entry<String, JsonNode> each : given.properties()) {
            if (!each.getValue().isArray()) {
                throw new Malformed("multiValueHeaders of the function's answer must be lists");
            }
            for (JsonNode value : each.getValue()) {
                headers.add(new Header(each.getKey(), text(value)));
            }
        }
        return headers;
    }

    private static String text(JsonNode value) throws Malformed {
        if (!value.isValueNode() || value.isNull()) {
            throw new Malformed("a header of the function's answer is not text");
        }
        return value.asString();
    }

    private static byte[] body(JsonNode given) throws Malformed {
        JsonNode body = given.path("body");
        if (body.isMissingNode() || body.isNull()) {
            return new byte[0];
        }
        if (!body.isString()) {
            throw new Malformed("the body of the function's answer is not text");
        }
        try {
            return given.path("isBase64Encoded").asBoolean(false) ? Base64.getDecoder().decode(body.asString())
                    : body.asString().getBytes(StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new Malformed("the body of the function's answer is not Base64");
        }
    }
}
