package dev.viridian.proxy.rules;

import dev.viridian.proxy.http.Ascii;
import dev.viridian.proxy.http.RequestHead;
import dev.viridian.proxy.routing.Condition;
import java.util.List;
import java.util.Locale;

/// A condition, compiled.
@FunctionalInterface
public interface Matcher {
    /// @param source address of the client
    boolean holds(RequestHead head, byte[] source);

    static Matcher of(Condition condition) {
        return switch (condition) {
            case Condition.Host(var patterns, var regexes) -> host(new Patterns(patterns, regexes, true));
            case Condition.Path(var patterns, var regexes) -> path(new Patterns(patterns, regexes, false));
            case Condition.Header(var name, var patterns, var regexes) ->
                    header(Ascii.bytes(name.toLowerCase(Locale.ROOT)), new Patterns(patterns, regexes, true));
            case Condition.Method(var methods) -> method(methods.stream().map(Ascii::bytes).toList());
            case Condition.Query(var parameters) -> query(parameters.stream().map(Parameter::new).toList());
            case Condition.SourceIp(var blocks) -> source(blocks.stream().map(CidrBlock::new).toList());
        };
    }

    private static Matcher host(Patterns patterns) {
        return (head, _) -> patterns.fit(head.bytes(), head.hostFrom(), head.hostNameTo())
                || head.hostNameTo() != head.hostTo() && patterns.regexFits(head.bytes(), head.hostFrom(), head.hostTo());
    }

    private static Matcher path(Patterns patterns) {
        byte[] root = Ascii.bytes("/");
        return (head, _) -> {
            if (head.pathFrom() == head.pathTo()) {
                return patterns.fit(root, 0, 1);
            }
            if (NormalPath.isNormal(head.bytes(), head.pathFrom(), head.pathTo())) {
                return patterns.fit(head.bytes(), head.pathFrom(), head.pathTo());
            }
            byte[] normal = NormalPath.of(head.bytes(), head.pathFrom(), head.pathTo());
            return patterns.fit(normal, 0, normal.length);
        };
    }

    private static Matcher header(byte[] name, Patterns patterns) {
        return (head, _) -> {
            for (int i = 0; i < head.count(); i++) {
                if (head.nameIs(i, name) && patterns.fit(head.bytes(), head.valueFrom(i), head.valueTo(i))) {
                    return true;
                }
            }
            return false;
        };
    }

    private static Matcher method(List<byte[]> methods) {
        return (head, _) -> methods.stream().anyMatch(method -> Ascii.equals(head.bytes(), head.methodFrom(), head.methodTo(), method));
    }

    private static Matcher source(List<CidrBlock> blocks) {
        return (_, source) -> blocks.stream().anyMatch(block -> block.includes(source));
    }

    private static Matcher query(List<Parameter> parameters) {
        return (head, _) -> {
            int from = head.pathTo() + 1;
            if (from >= head.targetTo()) {
                return false;
            }
            if (NormalPath.isDecoded(head.bytes(), from, head.targetTo())) {
                return query(parameters, head.bytes(), from, head.targetTo());
            }
            byte[] decoded = NormalPath.decoded(head.bytes(), from, head.targetTo());
            return query(parameters, decoded, 0, decoded.length);
        };
    }

    private static boolean query(List<Parameter> parameters, byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            int stop = indexOf(bytes, at, to, '&');
            int equals = indexOf(bytes, at, stop, '=');
            for (Parameter parameter : parameters) {
                if (parameter.matches(bytes, at, equals, Math.min(equals + 1, stop), stop)) {
                    return true;
                }
            }
            at = stop + 1;
        }
        return false;
    }

    private static int indexOf(byte[] bytes, int from, int to, char wanted) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return to;
    }
}
