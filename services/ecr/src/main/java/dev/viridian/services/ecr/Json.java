package dev.viridian.services.ecr;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Documents users hand in.
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Json() {}

    /// @param parameter what ECR calls it, e.g. `PolicyText`
    static JsonNode requireObject(String text, String parameter) {
        try {
            JsonNode json = MAPPER.readTree(text);
            if (json.isObject()) {
                return json;
            }
        } catch (JacksonException e) {
            throw Refusals.parameter(parameter, "Invalid JSON: " + e.getOriginalMessage());
        }
        throw Refusals.parameter(parameter, "Invalid JSON: expected an object");
    }
}
