package dev.viridian.proxy;

import dev.viridian.proxy.http.Ascii;
import dev.viridian.proxy.http.RequestHead;
import dev.viridian.proxy.routing.Condition;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A condition, compiled.
@FunctionalInterface
interface Matcher {
    /// @param source address of the client
    boolean holds(RequestHead head, byte[] source);

    static Matcher of(Condition condition) {
        return switch (condition) {
            case Condition.Host(var patterns) -> host(globs(patterns, true));
            case Condition.Path(var patterns) -> path(globs(patterns, false));
            case Condition.Header(var name, var patterns) -> header(Ascii.bytes(name.toLowerCase(Locale.ROOT)), globs(patterns, true));
            case Condition.Method(var methods) -> method(methods.stream().map(Ascii::bytes).toList());
            case Condition.Query(var parameters) -> query(parameters.stream().map(Parameter::new).toList());
            case Condition.SourceIp(var blocks) -> source(blocks.stream().map(CidrBlock::new).toList());
        };
    }

    private static Matcher host(Glob[] patterns) {
        return (head, _) -> any(patterns, head.bytes(), head.hostFrom(), head.hostNameTo());
    }

    private static Matcher path(Glob[] patterns) {
        byte[] root = Ascii.bytes("/");
        return (head, _) -> head.pathFrom() == head.pathTo() ? any(patterns, root, 0, 1)
                : any(patterns, head.bytes(), head.pathFrom(), head.pathTo());
    }

    private static Matcher header(byte[] name, Glob[] patterns) {
        return (head, _) -> {
            for (int i = 0; i < head.count(); i++) {
                if (head.nameIs(i, name) && any(patterns, head.bytes(), head.valueFrom(i), head.valueTo(i))) {
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
            int at = head.pathTo() + 1;
            while (at < head.targetTo()) {
                int stop = indexOf(head.bytes(), at, head.targetTo(), '&');
                int equals = indexOf(head.bytes(), at, stop, '=');
                for (Parameter parameter : parameters) {
                    if (parameter.matches(head.bytes(), at, equals, Math.min(equals + 1, stop), stop)) {
                        return true;
                    }
                }
                at = stop + 1;
            }
            return false;
        };
    }

    /// A wanted query parameter; without a key, any parameter with the value will do.
    final class Parameter {
        private final @Nullable Glob key;
        private final Glob value;

        Parameter(Condition.Query.Parameter parameter) {
            key = parameter.key().map(pattern -> new Glob(pattern, true)).orElse(null);
            value = new Glob(parameter.value(), true);
        }

        boolean matches(byte[] bytes, int keyFrom, int keyTo, int valueFrom, int valueTo) {
            return (key == null || key.matches(bytes, keyFrom, keyTo)) && value.matches(bytes, valueFrom, valueTo);
        }
    }

    private static int indexOf(byte[] bytes, int from, int to, char wanted) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return to;
    }

    private static Glob[] globs(List<String> patterns, boolean ignoreCase) {
        return patterns.stream().map(pattern -> new Glob(pattern, ignoreCase)).toArray(Glob[]::new);
    }

    private static boolean any(Glob[] patterns, byte[] bytes, int from, int to) {
        for (Glob pattern : patterns) {
            if (pattern.matches(bytes, from, to)) {
                return true;
            }
        }
        return false;
    }
}
