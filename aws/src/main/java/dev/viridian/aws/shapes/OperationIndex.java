package dev.viridian.aws.shapes;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the SDK's classes do not carry about a service: protocol, URIs, result wrappers, error codes, constraints.
///
/// Loaded from `aws-operations/<artifact>.json` on the classpath, which was distilled from the API models that botocore 1.43.11 ships. One index per
/// client interface, made on first use and kept with the interface's class.
public final class OperationIndex {
    private static final ClassValue<OperationIndex> KNOWN = new ClassValue<>() {
        @Override
        protected OperationIndex computeValue(Class<?> client) {
            return load(artifact(client));
        }
    };

    /// @param protocols in the order the service prefers them: `json`, `query`, `ec2`, `rest-json`, `rest-xml`, `smithy-rpc-v2-cbor`
    /// @param targetPrefix before the dot in `X-Amz-Target`, in JSON protocols
    /// @param signingName the service's name in a credential scope
    /// @param endpointPrefix the first label of the service's host name
    public record Meta(String artifact, List<String> protocols, @Nullable String targetPrefix, String jsonVersion, String apiVersion,
            String serviceId, String signingName, String endpointPrefix, @Nullable String xmlNamespace) {}

    /// @param status of a success
    /// @param wrapper the element around the result, in the query protocol
    /// @param requestRoot name of the root element of the request's XML, when it differs from the payload member's
    /// @param inputPayload member that is the whole request body
    /// @param outputPayload member that is the whole answer
    /// @param output name of the output shape
    public record Operation(String name, String method, String uri, int status, @Nullable String wrapper, @Nullable String requestRoot,
            @Nullable String inputPayload, @Nullable String outputPayload, @Nullable String output, @Nullable String xmlNamespace) {}

    /// @param fault true when the service is to blame rather than the caller
    public record Error(String exception, String code, int status, boolean fault) {}

    /// @param min smallest length, size or value, depending on the member's kind; likewise `max`
    public record Constraint(boolean required, @Nullable Double min, @Nullable Double max, @Nullable Pattern pattern, List<String> values) {}

    private final Meta meta;
    private final Map<String, Operation> operations = new HashMap<>();
    private final Map<String, Error> errors = new HashMap<>();
    private final Map<String, Map<String, Constraint>> constraints = new HashMap<>();

    private OperationIndex(String artifact, JsonNode json) {
        this.meta = meta(artifact, json.get("meta"));
        json.get("ops").properties().forEach(entry -> operations.put(entry.getKey(), operation(entry.getKey(), entry.getValue())));
        json.get("errs").properties().forEach(entry -> errors.put(entry.getKey(), error(entry.getKey(), entry.getValue())));
        json.get("c").properties().forEach(entry -> constraints.put(entry.getKey(), constraintsOf(entry.getValue())));
    }

    /// What dispatch needs to know about a service, without loading its whole index: a server that starts must know all its services' metas at once.
    ///
    /// @throws IllegalArgumentException when the service has no index
    public static Meta metaOf(Class<?> clientInterface) {
        String artifact = artifact(clientInterface);
        JsonNode json = Services.ALL.get(artifact);
        if (json == null) {
            throw new IllegalArgumentException("there is no index of operations for " + artifact);
        }
        return meta(artifact, json);
    }

    /// `services.json` holds the `meta` of every service.
    private static final class Services {
        static final JsonNode ALL = read("/aws-operations/services.json");
    }

    /// The index of the service that a client interface of the SDK belongs to, e.g. `EcsClient.class`.
    ///
    /// @throws IllegalArgumentException when there is none
    public static OperationIndex of(Class<?> clientInterface) {
        return KNOWN.get(clientInterface);
    }

    public Meta meta() {
        return meta;
    }

    public Optional<Operation> operation(String name) {
        return Optional.ofNullable(operations.get(name));
    }

    public Map<String, Operation> operations() {
        return Map.copyOf(operations);
    }

    /// By the simple name of the SDK's exception class.
    public Optional<Error> error(String exceptionClass) {
        return Optional.ofNullable(errors.get(exceptionClass.toLowerCase(Locale.ROOT)));
    }

    /// By what the wire says.
    public Optional<Error> errorByCode(String code) {
        return errors.values().stream().filter(error -> error.code().equals(code)).findFirst();
    }

    /// By member name; empty for a structure without constraints.
    public Map<String, Constraint> constraints(Shape shape) {
        return constraints.getOrDefault(shape.name().toLowerCase(Locale.ROOT), Map.of());
    }

    /// `ecs` for `software.amazon.awssdk.services.ecs.EcsClient`.
    public static String artifact(Class<?> clientInterface) {
        String home = clientInterface.getPackageName();
        return home.substring(home.lastIndexOf('.') + 1);
    }

    private static OperationIndex load(String artifact) {
        return new OperationIndex(artifact, read("/aws-operations/" + artifact + ".json"));
    }

    private static JsonNode read(String resource) {
        try (InputStream in = OperationIndex.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalArgumentException("there is no index of operations at " + resource);
            }
            return JsonMapper.shared().readTree(in);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + resource, e);
        }
    }

    private static Meta meta(String artifact, JsonNode json) {
        String endpoint = text(json, "endpointPrefix", artifact);
        List<String> protocols = new ArrayList<>();
        json.path("protocols").forEach(protocol -> protocols.add(protocol.asString()));
        return new Meta(artifact, protocols.isEmpty() ? List.of(json.get("protocol").asString()) : List.copyOf(protocols),
                optional(json, "targetPrefix"), text(json, "jsonVersion", "1.1"), text(json, "apiVersion", ""), text(json, "serviceId", artifact),
                text(json, "signingName", endpoint),
                endpoint, optional(json, "xmlNamespace"));
    }

    private static Operation operation(String name, JsonNode json) {
        return new Operation(name, text(json, "m", "POST"), text(json, "u", "/"), json.path("s").asInt(200), optional(json, "w"),
                optional(json, "rn"),
                optional(json, "ip"), optional(json, "op"), optional(json, "o"), optional(json, "x"));
    }

    private static Error error(String exception, JsonNode json) {
        return new Error(exception, json.get("c").asString(), json.path("s").asInt(400), json.path("f").asInt(0) == 1);
    }

    private static Map<String, Constraint> constraintsOf(JsonNode members) {
        Map<String, Constraint> found = new HashMap<>();
        members.properties().forEach(entry -> found.put(entry.getKey(), constraint(entry.getValue())));
        return found;
    }

    private static Constraint constraint(JsonNode json) {
        List<String> values = new ArrayList<>();
        json.path("e").forEach(value -> values.add(value.asString()));
        String pattern = optional(json, "pattern");
        return new Constraint(json.path("r").asInt(0) == 1, number(json, "min"), number(json, "max"),
                pattern == null ? null : Pattern.compile(pattern), List.copyOf(values));
    }

    private static @Nullable Double number(JsonNode json, String name) {
        return json.has(name) ? json.get(name).asDouble() : null;
    }

    private static @Nullable String optional(JsonNode json, String name) {
        return json.has(name) ? json.get(name).asString() : null;
    }

    private static String text(JsonNode json, String name, String otherwise) {
        return json.has(name) ? json.get(name).asString() : otherwise;
    }
}
