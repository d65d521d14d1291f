package dev.viridian.services.iam.policy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A policy, read from JSON. Which elements a kind of policy must have is for [PolicyRules] to say.
///
/// @param version `2012-10-17` or `2008-10-17`; policy variables work in the former only
public record PolicyDocument(String version, List<Statement> statements) {
    private static final JsonMapper JSON = JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    private static final String SYNTAX = "Syntax errors in policy.";
    private static final Set<String> TOP = Set.of("Version", "Id", "Statement");
    private static final Set<String> ELEMENTS = Set.of("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource",
            "NotResource", "Condition");

    /// @throws MalformedPolicy when it is not a policy at all
    public static PolicyDocument parse(String text) {
        JsonNode root = read(text);
        if (!root.isObject() || !TOP.containsAll(names(root)) || !root.has("Statement")) {
            throw new MalformedPolicy(SYNTAX);
        }
        String version = root.path("Version").asString("2008-10-17");
        if (!version.equals("2012-10-17") && !version.equals("2008-10-17")) {
            throw new MalformedPolicy(SYNTAX);
        }
        List<Statement> statements = new ArrayList<>();
        for (JsonNode statement : root.path("Statement").isArray() ? root.path("Statement") : List.of(root.path("Statement"))) {
            statements.add(statement(statement));
        }
        refuseEqualIds(statements);
        return new PolicyDocument(version, List.copyOf(statements));
    }

    private static JsonNode read(String text) {
        try {
            return JSON.readTree(text);
        } catch (JacksonException e) {
            throw new MalformedPolicy("This policy contains invalid Json");
        }
    }

    private static Statement statement(JsonNode node) {
        if (!node.isObject() || !ELEMENTS.containsAll(names(node))) {
            throw new MalformedPolicy(SYNTAX);
        }
        if (!node.has("Effect")) {
            throw new MalformedPolicy("Missing required field Effect");
        }
        String effect = node.path("Effect").asString("");
        if (!effect.equals("Allow") && !effect.equals("Deny")) {
            throw new MalformedPolicy("Invalid effect: " + effect);
        }
        refuseBoth(node, "Principal", "NotPrincipal");
        refuseBoth(node, "Action", "NotAction");
        refuseBoth(node, "Resource", "NotResource");
        return new Statement(Optional.ofNullable(node.path("Sid").stringValue(null)), effect.equals("Allow"), principals(node.path("Principal")),
                principals(node.path("NotPrincipal")), strings(node.path("Action")), strings(node.path("NotAction")), strings(node.path("Resource")),
                strings(node.path("NotResource")), conditions(node.path("Condition")));
    }

    private static void refuseBoth(JsonNode node, String element, String opposite) {
        if (node.has(element) && node.has(opposite)) {
            throw new MalformedPolicy(SYNTAX);
        }
    }

    private static Optional<Map<String, List<String>>> principals(JsonNode node) {
        if (node.isMissingNode()) {
            return Optional.empty();
        }
        if (node.isString() && node.stringValue().equals("*")) {
            return Optional.of(Map.of("AWS", List.of("*")));
        }
        if (!node.isObject()) {
            throw new MalformedPolicy("Invalid principal in policy");
        }
        Map<String, List<String>> principals = new LinkedHashMap<>();
        node.properties().forEach(kind -> principals.put(kind.getKey(), strings(kind.getValue()).orElseThrow()));
        return Optional.of(principals);
    }

    private static Map<String, Map<String, List<String>>> conditions(JsonNode node) {
        Map<String, Map<String, List<String>>> conditions = new LinkedHashMap<>();
        if (!node.isMissingNode() && !node.isObject()) {
            throw new MalformedPolicy(SYNTAX);
        }
        node.properties().forEach(operator -> {
            if (!Conditions.isOperator(operator.getKey())) {
                throw new MalformedPolicy("Invalid Condition type : " + operator.getKey());
            }
            Map<String, List<String>> keys = new LinkedHashMap<>();
            operator.getValue().properties().forEach(key -> keys.put(key.getKey(), strings(key.getValue()).orElseThrow()));
            conditions.put(operator.getKey(), keys);
        });
        return conditions;
    }

    /// A text, number or truth value, or an array of them.
    private static Optional<List<String>> strings(JsonNode node) {
        if (node.isMissingNode()) {
            return Optional.empty();
        }
        List<String> strings = new ArrayList<>();
        for (JsonNode one : node.isArray() ? node : List.of(node)) {
            if (!one.isValueNode() || one.isNull()) {
                throw new MalformedPolicy(SYNTAX);
            }
            strings.add(one.asString());
        }
        return Optional.of(List.copyOf(strings));
    }

    private static void refuseEqualIds(List<Statement> statements) {
        Set<String> seen = new HashSet<>();
        for (Statement statement : statements) {
            if (statement.sid().filter(sid -> !sid.isEmpty() && !seen.add(sid)).isPresent()) {
                throw new MalformedPolicy("Statement IDs (SID) in a single policy must be unique.");
            }
        }
    }

    private static Set<String> names(JsonNode node) {
        return Set.copyOf(node.propertyNames());
    }
}
