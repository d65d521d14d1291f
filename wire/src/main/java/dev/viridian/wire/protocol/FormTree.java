package dev.viridian.wire.protocol;

import dev.viridian.aws.shapes.Member;
import dev.viridian.aws.shapes.Scalars;
import dev.viridian.aws.shapes.Shape;
import dev.viridian.aws.shapes.ShapeMismatch;
import dev.viridian.wire.Query;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;

/// A form's dotted parameter names as a tree, read as shapes: `Tags.member.1.Key=a`.
final class FormTree {
    private static final int DEPTH_LIMIT = 64;

    private final Map<String, FormTree> children = new HashMap<>();
    private @Nullable String value;

    static FormTree of(Query form) {
        FormTree root = new FormTree();
        for (Query.Parameter parameter : form.parameters()) {
            String[] steps = parameter.name().split("\\.");
            if (steps.length > DEPTH_LIMIT) {
                throw new ShapeMismatch("The parameter " + steps[0] + " is nested too deeply");
            }
            FormTree at = root;
            for (String step : steps) {
                at = at.children.computeIfAbsent(step, _ -> new FormTree());
            }
            at.value = parameter.value();
        }
        return root;
    }

    SdkPojo structure(Shape shape) {
        SdkPojo builder = shape.newBuilder();
        for (Member member : shape.members()) {
            FormTree child = children.get(member.wireName());
            if (child != null) {
                child.read(member).ifPresent(found -> member.set(builder, found));
            }
        }
        return Shape.build(builder);
    }

    private Optional<Object> read(Member member) {
        return switch (member.kind()) {
            case STRUCTURE -> Optional.of(structure(member.shape()));
            case LIST -> Optional.of(list(member));
            case MAP -> Optional.of(map(member));
            default -> Optional.ofNullable(value).map(text -> Scalars.parse(member, text));
        };
    }

    /// An empty list is written as `Tags=`.
    private List<Object> list(Member member) {
        List<Object> values = new ArrayList<>();
        for (FormTree item : numbered(member.elementName().orElse("member"))) {
            item.read(member.element()).ifPresent(values::add);
        }
        return values;
    }

    private Map<String, Object> map(Member member) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (FormTree entry : numbered("entry")) {
            FormTree key = entry.children.get(member.keyName());
            FormTree held = entry.children.get(member.valueName());
            if (key != null && key.value != null && held != null) {
                held.read(member.element()).ifPresent(found -> values.put(key.value, found));
            }
        }
        return values;
    }

    /// The children by number, whether they stand under `wrapper` or, flattened, right here.
    private List<FormTree> numbered(String wrapper) {
        FormTree around = children.containsKey(wrapper) ? children.get(wrapper) : children.getOrDefault("member", this);
        return around.children.entrySet().stream().filter(entry -> entry.getKey().matches("\\d{1,6}"))
                .sorted(java.util.Comparator.comparingInt(entry -> Integer.parseInt(entry.getKey()))).map(Map.Entry::getValue).toList();
    }
}
