package dev.viridian.services.ec2;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Tag;

/// The filters of a describe operation: all must match, each by any of its values, in which `*` and `?` are wildcards.
///
/// Source: <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html>
final class Filters<T> {
    private final Map<String, Function<T, Stream<String>>> known = new LinkedHashMap<>();
    private final Function<T, List<Tag>> tags;

    Filters(Function<T, List<Tag>> tags) {
        this.tags = tags;
    }

    /// A filter by a single value. Absent values match nothing.
    Filters<T> by(String name, Function<T, @Nullable Object> value) {
        return byAny(name, item -> Stream.ofNullable(value.apply(item)).map(Object::toString));
    }

    /// A filter by any of several values.
    Filters<T> byAny(String name, Function<T, Stream<String>> values) {
        known.put(name, values);
        return this;
    }

    List<T> apply(Collection<T> items, List<Filter> filters) {
        Predicate<T> all = filters.stream().map(this::predicate).reduce(item -> true, Predicate::and);
        return items.stream().filter(all).toList();
    }

    private Predicate<T> predicate(Filter filter) {
        Function<T, Stream<String>> values = values(filter.name());
        List<Pattern> wanted = filter.values().stream().map(Filters::pattern).toList();
        return item -> values.apply(item).anyMatch(value -> wanted.stream().anyMatch(pattern -> pattern.matcher(value).matches()));
    }

    private Function<T, Stream<String>> values(String name) {
        if (name.startsWith("tag:")) {
            String key = name.substring("tag:".length());
            return item -> tags.apply(item).stream().filter(tag -> tag.key().equals(key)).map(Tag::value);
        }
        return switch (name) {
            case "tag-key" -> item -> tags.apply(item).stream().map(Tag::key);
            case "tag-value" -> item -> tags.apply(item).stream().map(Tag::value);
            default -> {
                Function<T, Stream<String>> values = known.get(name);
                if (values == null) {
                    throw Ec2Errors.invalidValue("The filter '" + name + "' is invalid");
                }
                yield values;
            }
        };
    }

    private static Pattern pattern(String value) {
        String regex = Arrays.stream(value.split("(?<=[*?])|(?=[*?])"))
                .map(part -> part.equals("*") ? ".*" : part.equals("?") ? "." : Pattern.quote(part)).collect(Collectors.joining());
        return Pattern.compile(regex, Pattern.DOTALL);
    }
}
