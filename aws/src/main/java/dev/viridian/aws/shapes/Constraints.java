package dev.viridian.aws.shapes;

import dev.viridian.aws.shapes.OperationIndex.Constraint;
import dev.viridian.aws.shapes.Violation.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.SdkRequest;

/// Is a request what the API model says it must be: required members, lengths, ranges, patterns, enum values, at every depth.
///
/// What a model does not say (does the cluster exist?) is the service's own business.
public final class Constraints {
    private final OperationIndex index;
    private final List<Violation> found = new ArrayList<>();

    private Constraints(OperationIndex index) {
        this.index = index;
    }

    /// Every violation, in the order of the model's members.
    public static List<Violation> violations(SdkPojo request, OperationIndex index) {
        Constraints constraints = new Constraints(index);
        constraints.structure(request, "");
        return constraints.found;
    }

    /// The exception the service answers an invalid request with; empty when the request is valid. Never throws for any request.
    public static Optional<AwsServiceException> check(SdkRequest request, Class<?> clientInterface) {
        OperationIndex index = OperationIndex.of(clientInterface);
        ValidationStyle style = ValidationStyle.of(index.meta());
        List<Violation> violations = violations(request, index).stream().filter(style::enforces).toList();
        return violations.isEmpty() ? Optional.empty() : Optional.of(style.exception(violations, new ServiceErrors(clientInterface)));
    }

    private void structure(SdkPojo owner, String path) {
        Shape shape = Shape.of(owner);
        Map<String, Constraint> constraints = index.constraints(shape);
        for (Member member : shape.members()) {
            Object value = member.get(owner);
            String here = path + lowerFirst(member.name());
            Constraint constraint = constraints.get(member.name());
            if (constraint != null) {
                member(member, here, value, constraint);
            }
            if (value != null) {
                inside(member, here, value);
            }
        }
    }

    private void inside(Member member, String path, Object value) {
        switch (member.kind()) {
            case STRUCTURE -> structure((SdkPojo) value, path + ".");
            case LIST -> elements(member.element(), path, (List<?>) value);
            case MAP -> ((Map<?, ?>) value).forEach((key, element) -> {
                if (element != null) {
                    inside(member.element(), path + "." + key + ".member", element);
                }
            });
            default -> { }
        }
    }

    private void elements(Member element, String path, List<?> values) {
        if (element.kind() != Kind.STRUCTURE && element.kind() != Kind.LIST && element.kind() != Kind.MAP) {
            return;
        }
        for (int i = 0; i < values.size(); i++) {
            if (values.get(i) instanceof Object value) {
                inside(element, path + "." + (i + 1) + ".member", value);
            }
        }
    }

    private void member(Member member, String path, @Nullable Object value, Constraint constraint) {
        if (value == null) {
            if (constraint.required() && member.location() != Member.Location.STATUS) {
                found.add(new Violation(path, member.name(), null, new Rule.Present()));
            }
            return;
        }
        if (member.kind().isNumber()) {
            number(member, path, (Number) value, constraint);
        } else {
            length(member, path, value, constraint);
        }
        if (value instanceof String text) {
            text(member, path, text, constraint);
        }
    }

    private void number(Member member, String path, Number value, Constraint constraint) {
        if (constraint.min() != null && value.doubleValue() < constraint.min()) {
            found.add(new Violation(path, member.name(), value, new Rule.AtLeast(constraint.min())));
        } else if (constraint.max() != null && value.doubleValue() > constraint.max()) {
            found.add(new Violation(path, member.name(), value, new Rule.AtMost(constraint.max())));
        }
    }

    private void length(Member member, String path, Object value, Constraint constraint) {
        int length = length(value);
        if (length < 0) {
            return;
        }
        if (constraint.min() != null && length < constraint.min()) {
            found.add(new Violation(path, member.name(), value, new Rule.LengthAtLeast(constraint.min().longValue())));
        } else if (constraint.max() != null && length > constraint.max()) {
            found.add(new Violation(path, member.name(), value, new Rule.LengthAtMost(constraint.max().longValue())));
        }
    }

    private void text(Member member, String path, String value, Constraint constraint) {
        if (constraint.pattern() != null && !constraint.pattern().matcher(value).matches()) {
            found.add(new Violation(path, member.name(), value, new Rule.Matching(constraint.pattern().pattern())));
        }
        if (!constraint.values().isEmpty() && !constraint.values().contains(value)) {
            found.add(new Violation(path, member.name(), value, new Rule.OneOf(constraint.values())));
        }
    }

    /// -1 for what has no length.
    private static int length(Object value) {
        return switch (value) {
            case String text -> text.codePointCount(0, text.length());
            case List<?> list -> list.size();
            case Map<?, ?> map -> map.size();
            case SdkBytes bytes -> bytes.asByteArrayUnsafe().length;
            default -> -1;
        };
    }

    private static String lowerFirst(String name) {
        return name.isEmpty() ? name : Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }
}
