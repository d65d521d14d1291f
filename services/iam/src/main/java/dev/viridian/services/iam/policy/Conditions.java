package dev.viridian.services.iam.policy;

import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/// The condition block: operators AND, keys AND, values OR; for negated operators none of the values may match.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>
final class Conditions {
    private static final Map<String, BiPredicate<String, String>> TESTS = Map.ofEntries(
            Map.entry("stringequals", (wanted, value) -> Glob.plain(wanted).equals(value)),
            Map.entry("stringequalsignorecase", (wanted, value) -> Glob.plain(wanted).equalsIgnoreCase(value)),
            Map.entry("stringlike", Glob::matches),
            Map.entry("numericequals", (wanted, value) -> numbers(wanted, value, order -> order == 0)),
            Map.entry("numericlessthan", (wanted, value) -> numbers(wanted, value, order -> order < 0)),
            Map.entry("numericlessthanequals", (wanted, value) -> numbers(wanted, value, order -> order <= 0)),
            Map.entry("numericgreaterthan", (wanted, value) -> numbers(wanted, value, order -> order > 0)),
            Map.entry("numericgreaterthanequals", (wanted, value) -> numbers(wanted, value, order -> order >= 0)),
            Map.entry("dateequals", (wanted, value) -> dates(wanted, value, order -> order == 0)),
            Map.entry("datelessthan", (wanted, value) -> dates(wanted, value, order -> order < 0)),
            Map.entry("datelessthanequals", (wanted, value) -> dates(wanted, value, order -> order <= 0)),
            Map.entry("dategreaterthan", (wanted, value) -> dates(wanted, value, order -> order > 0)),
            Map.entry("dategreaterthanequals", (wanted, value) -> dates(wanted, value, order -> order >= 0)),
            Map.entry("bool", (wanted, value) -> wanted.equalsIgnoreCase(value)),
            Map.entry("binaryequals", String::equals),
            Map.entry("ipaddress", Conditions::isWithin),
            Map.entry("arnequals", Arns::matches),
            Map.entry("arnlike", Arns::matches));
    private static final Map<String, String> NEGATED = Map.of(
            "stringnotequals", "stringequals", "stringnotequalsignorecase", "stringequalsignorecase", "stringnotlike", "stringlike",
            "numericnotequals", "numericequals",
            "datenotequals", "dateequals", "notipaddress", "ipaddress", "arnnotequals", "arnequals", "arnnotlike", "arnlike");
    private static final Set<String> SETS = Set.of("forallvalues", "foranyvalue");

    private Conditions() {}

    static boolean isOperator(String name) {
        Operator operator = Operator.parse(name);
        return operator.base().equals("null") && !operator.ifExists() || TESTS.containsKey(operator.base()) || NEGATED.containsKey(operator.base());
    }

    static boolean hold(Map<String, Map<String, List<String>>> conditions, AccessRequest request, String version) {
        return conditions.entrySet().stream().allMatch(operator -> operator.getValue().entrySet().stream()
                .allMatch(key -> holds(Operator.parse(operator.getKey()), key.getKey(), key.getValue(), request, version)));
    }

    private static boolean holds(Operator operator, String key, List<String> wanted, AccessRequest request, String version) {
        Optional<List<String>> values = request.values(key).filter(found -> !found.isEmpty());
        if (operator.base().equals("null")) {
            return wanted.stream().anyMatch(value -> Boolean.parseBoolean(value) == values.isEmpty());
        }
        boolean negated = NEGATED.containsKey(operator.base());
        if (values.isEmpty()) {
            return operator.ifExists() || operator.set().equals("forallvalues") || negated && !operator.set().equals("foranyvalue");
        }
        BiPredicate<String, String> test = TESTS.get(negated ? NEGATED.get(operator.base()) : operator.base());
        List<String> patterns = wanted.stream().flatMap(pattern -> Variables.fill(pattern, request, version).stream()).toList();
        Predicate<String> matches = value -> patterns.stream().anyMatch(pattern -> test.test(pattern, value)) != negated;
        return operator.set().equals("forallvalues") || operator.set().isEmpty() && negated
                ? values.get().stream().allMatch(matches) : values.get().stream().anyMatch(matches);
    }

    /// @param set `forallvalues`, `foranyvalue` or empty
    private record Operator(String set, String base, boolean ifExists) {
        static Operator parse(String name) {
            String lower = name.toLowerCase(Locale.ROOT);
            int colon = lower.indexOf(':');
            String set = colon < 0 ? "" : lower.substring(0, colon);
            String rest = lower.substring(colon + 1);
            boolean ifExists = rest.endsWith("ifexists");
            String base = ifExists ? rest.substring(0, rest.length() - "ifexists".length()) : rest;
            return new Operator(set, set.isEmpty() || SETS.contains(set) ? base : "unknown", ifExists);
        }
    }

    private static boolean numbers(String wanted, String value, IntPredicate order) {
        try {
            return order.test(new BigDecimal(value).compareTo(new BigDecimal(wanted)));
        } catch (NumberFormatException e) {
            return false; // what is no number compares with nothing
        }
    }

    private static boolean dates(String wanted, String value, IntPredicate order) {
        Optional<Instant> a = date(value);
        Optional<Instant> b = date(wanted);
        return a.isPresent() && b.isPresent() && order.test(a.get().compareTo(b.get()));
    }

    /// ISO 8601 with or without a time, or seconds since 1970.
    private static Optional<Instant> date(String text) {
        try {
            if (text.matches("-?\\d+")) {
                return Optional.of(Instant.ofEpochSecond(Long.parseLong(text)));
            }
            return Optional.of(text.contains("T") ? OffsetDateTime.parse(text).toInstant() : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC)
                    .toInstant());
        } catch (DateTimeParseException | NumberFormatException e) {
            return Optional.empty(); // what is no date compares with nothing
        }
    }

    private static boolean isWithin(String range, String address) {
        int slash = range.indexOf('/');
        Optional<byte[]> network = bytes(slash < 0 ? range : range.substring(0, slash));
        Optional<byte[]> host = bytes(address);
        if (network.isEmpty() || host.isEmpty() || network.get().length != host.get().length) {
            return false;
        }
        int bits = slash < 0 ? network.get().length * 8 : Integer.parseInt(range.substring(slash + 1));
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit % 8);
            if ((network.get()[bit / 8] & mask) != (host.get()[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }

    private static Optional<byte[]> bytes(String address) {
        if (!address.matches("[0-9A-Fa-f:.]+")) {
            return Optional.empty(); // a name, which we must not look up
        }
        try {
            return Optional.of(InetAddress.getByName(address).getAddress());
        } catch (UnknownHostException e) {
            return Optional.empty(); // what is no address is in no range
        }
    }
}
