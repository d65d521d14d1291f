package dev.viridian.wire;

import dev.viridian.aws.shapes.Member;
import dev.viridian.aws.shapes.OperationIndex;
import dev.viridian.aws.shapes.OperationIndex.Operation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Which operation a method and a path mean in a REST service.
///
/// The route with most fixed parts wins. In S3 that is not enough: PutObject, CopyObject, UploadPart and UploadPartCopy share method and path and
/// differ in the query parameters and headers they *require*, which the operations' shapes tell.
final class RestRoutes {
    /// Answered by S3 Express's own host alone; on ours the path is ListBuckets'.
    private static final Set<String> ELSEWHERE = Set.of("ListDirectoryBuckets");

    /// @param literals fixed query parameters; an empty value means the name alone counts
    private record Template(Operation operation, List<String> segments, Map<String, String> literals) {}

    record Match(Operation operation, Map<String, String> labels) {}

    private final Endpoint endpoint;
    private final Map<String, List<Template>> byMethod = new HashMap<>();

    RestRoutes(Endpoint endpoint, Collection<Operation> operations) {
        this.endpoint = endpoint;
        for (Operation operation : operations.stream().filter(operation -> !ELSEWHERE.contains(operation.name())).toList()) {
            byMethod.computeIfAbsent(operation.method(), _ -> new ArrayList<>()).add(template(operation));
        }
    }

    /// @param path as sent, still encoded
    Optional<Match> find(Incoming request, String path) {
        List<Candidate> candidates = new ArrayList<>();
        for (Template template : byMethod.getOrDefault(request.method(), List.of())) {
            if (literalsFit(template, request.query())) {
                labels(template, path).ifPresent(labels -> candidates.add(new Candidate(template, labels)));
            }
        }
        int most = candidates.stream().mapToInt(candidate -> candidate.template().literals().size()).max().orElse(0);
        candidates.removeIf(candidate -> candidate.template().literals().size() < most);
        if (candidates.size() > 1) {
            candidates.removeIf(candidate -> endpoint.operation(candidate.template().operation().name()).isEmpty()); // deprecated, gone from the SDK
            candidates.removeIf(candidate -> !requirementsMet(candidate.template().operation(), request));
        }
        return candidates.stream().max(Comparator.<Candidate>comparingInt(candidate -> fixedSegments(candidate.template()))
                        .thenComparingInt(candidate -> required(candidate.template().operation()).size())
                        .thenComparing(candidate -> candidate.template().operation().name()))
                .map(candidate -> new Match(candidate.template().operation(), candidate.labels()));
    }

    private record Candidate(Template template, Map<String, String> labels) {}

    private static Template template(Operation operation) {
        int question = operation.uri().indexOf('?');
        String path = question < 0 ? operation.uri() : operation.uri().substring(0, question);
        Map<String, String> literals = new HashMap<>();
        if (question >= 0) {
            Query.parse(operation.uri().substring(question + 1)).parameters().forEach(parameter -> literals.put(parameter.name(), parameter.value()));
        }
        return new Template(operation, segments(path), literals);
    }

    private static List<String> segments(String path) {
        String bare = path.startsWith("/") ? path.substring(1) : path;
        return bare.isEmpty() ? List.of() : List.of(bare.split("/", -1));
    }

    private static int fixedSegments(Template template) {
        return (int) template.segments().stream().filter(segment -> !segment.startsWith("{")).count();
    }

    private static boolean literalsFit(Template template, Query query) {
        return template.literals().entrySet().stream().allMatch(literal -> literal.getValue().isEmpty() ? query.has(literal.getKey())
                : query.all(literal.getKey()).contains(literal.getValue()));
    }

    /// What the labels stand for, decoded; empty when the path does not fit. `{Key+}` takes the rest of the path, with its slashes as they are.
    private static Optional<Map<String, String>> labels(Template template, String path) {
        Map<String, String> labels = new HashMap<>();
        String rest = path.startsWith("/") ? path.substring(1) : path;
        List<String> segments = template.segments();
        for (int i = 0; i < segments.size(); i++) {
            String segment = segments.get(i);
            if (rest.isEmpty()) {
                return Optional.empty();
            }
            if (segment.endsWith("+}")) {
                labels.put(segment.substring(1, segment.length() - 2), Query.decode(rest, false));
                return Optional.of(labels);
            }
            int slash = rest.indexOf('/');
            String part = slash < 0 ? rest : rest.substring(0, slash);
            if (segment.startsWith("{")) {
                labels.put(segment.substring(1, segment.length() - 1), Query.decode(part, false));
            } else if (!segment.equals(part)) {
                return Optional.empty();
            }
            rest = slash < 0 ? "" : rest.substring(slash + 1);
        }
        return rest.isEmpty() ? Optional.of(labels) : Optional.empty();
    }

    private boolean requirementsMet(Operation operation, Incoming request) {
        return required(operation).stream().allMatch(member -> member.location() == Member.Location.QUERY ? request.query().has(member.wireName())
                : request.headers().has(member.wireName().toLowerCase(Locale.ROOT)));
    }

    /// The query parameters and headers without which a request is not this operation.
    private List<Member> required(Operation operation) {
        return endpoint.operation(operation.name()).map(linked -> {
            Map<String, OperationIndex.Constraint> constraints = OperationIndex.of(endpoint.client()).constraints(linked.request());
            return linked.request().members().stream()
                    .filter(member -> member.location() == Member.Location.QUERY || member.location() == Member.Location.HEADER)
                    .filter(member -> constraints.containsKey(member.name()) && constraints.get(member.name()).required()).toList();
        }).orElse(List.of());
    }
}
