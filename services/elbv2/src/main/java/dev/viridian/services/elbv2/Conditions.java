package dev.viridian.services.elbv2;

import dev.viridian.proxy.routing.Regexes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.*;

/// Checks the conditions of a rule and brings them into the form in which AWS shows them again: host and path conditions carry both spellings.
///
/// Source: Elastic Load Balancing API, RuleCondition; user guide "Condition types for listener rules", "Quotas for your Application Load Balancers".
/// Texts were seen in bug reports of aws-cli, aws-cdk, cfn-lint and the ACK controller and in the rules of cdk-preflight, but for those marked ours.
final class Conditions {
    private static final List<String> FIELDS = List.of("path-pattern", "host-header", "http-header", "http-request-method", "query-string",
            "source-ip");
    private static final Set<String> ONCE = Set.of("path-pattern", "host-header", "http-request-method", "source-ip");
    private static final int MOST_VALUES = 5;
    /// As the quotas page has it; the page on conditions says five.
    private static final int MOST_WILDCARDS = 6;
    private static final int LONGEST = 128;

    private static final String HOST = "[A-Za-z0-9.*?-]*";
    private static final String PATH = "[A-Za-z0-9_.$/~\"'@:+&*?-]*";
    private static final String PRINTABLE = "[ -~]*";
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";

    private Conditions() {}

    static List<RuleCondition> checked(List<RuleCondition> conditions) {
        Refusals.require(!conditions.isEmpty(), "A condition must be specified");
        Map<String, Integer> seen = new HashMap<>();
        List<RuleCondition> normal = conditions.stream().map(condition -> {
            Refusals.require(condition.field() != null && !condition.field().isEmpty(), "A condition field must be specified");
            Refusals.require(FIELDS.contains(condition.field()),
                    "Condition field '" + condition.field() + "' must be one of '[" + String.join(",", FIELDS) + "]'");
            Refusals.require(seen.merge(condition.field(), 1, Integer::sum) == 1 || !ONCE.contains(condition.field()),
                    "A rule can only have one '" + condition.field() + "' condition");
            checkConfigs(condition);
            return normal(condition);
        }).toList();
        Refusals.require(normal.stream().flatMap(Conditions::values).count() + normal.stream().flatMap(Conditions::regexes).count() <= MOST_VALUES,
                "A rule can only have '" + MOST_VALUES + "' condition values");
        Refusals.require(normal.stream().flatMap(Conditions::values).mapToLong(Conditions::wildcards).sum() <= MOST_WILDCARDS,
                "A rule can only have '" + MOST_WILDCARDS + "' condition wildcards");
        return normal;
    }

    /// Only the config of its own field may come with a condition. Text ours.
    private static void checkConfigs(RuleCondition condition) {
        configs(condition).forEach((name, config) -> Refusals.require(config == null || name.equals(configOf(condition.field())),
                "You cannot provide '" + name + "' for a condition of type '" + condition.field() + "'"));
    }

    private static Map<String, @Nullable Object> configs(RuleCondition condition) {
        Map<String, @Nullable Object> configs = new HashMap<>();
        configs.put("HostHeaderConfig", condition.hostHeaderConfig());
        configs.put("PathPatternConfig", condition.pathPatternConfig());
        configs.put("HttpHeaderConfig", condition.httpHeaderConfig());
        configs.put("HttpRequestMethodConfig", condition.httpRequestMethodConfig());
        configs.put("QueryStringConfig", condition.queryStringConfig());
        configs.put("SourceIpConfig", condition.sourceIpConfig());
        return configs;
    }

    private static String configOf(String field) {
        return switch (field) {
            case "host-header" -> "HostHeaderConfig";
            case "path-pattern" -> "PathPatternConfig";
            case "http-header" -> "HttpHeaderConfig";
            case "http-request-method" -> "HttpRequestMethodConfig";
            case "query-string" -> "QueryStringConfig";
            default -> "SourceIpConfig";
        };
    }

    private static RuleCondition normal(RuleCondition condition) {
        return switch (condition.field()) {
            case "host-header" -> {
                HostHeaderConditionConfig config = condition.hostHeaderConfig() == null ? HostHeaderConditionConfig.builder().build()
                        : condition.hostHeaderConfig();
                Chosen chosen = chosen(condition, config.values(), config.regexValues());
                chosen.values().forEach(Conditions::checkHost);
                yield chosen.regexes().isEmpty()
                        ? shape(condition).values(chosen.values()).hostHeaderConfig(c -> c.values(chosen.values())).build()
                        : shape(condition).regexValues(chosen.regexes()).hostHeaderConfig(c -> c.regexValues(chosen.regexes())).build();
            }
            case "path-pattern" -> {
                PathPatternConditionConfig config = condition.pathPatternConfig() == null ? PathPatternConditionConfig.builder().build()
                        : condition.pathPatternConfig();
                Chosen chosen = chosen(condition, config.values(), config.regexValues());
                // An ampersand may be spelled as in the XML it once came from.
                chosen.values().forEach(value -> checkCharacters(value.replace("&amp;", "&"), value, PATH));
                yield chosen.regexes().isEmpty()
                        ? shape(condition).values(chosen.values()).pathPatternConfig(c -> c.values(chosen.values())).build()
                        : shape(condition).regexValues(chosen.regexes()).pathPatternConfig(c -> c.regexValues(chosen.regexes())).build();
            }
            case "http-header" -> header(condition);
            case "http-request-method" -> method(condition);
            case "query-string" -> query(condition);
            default -> source(condition);
        };
    }

    private static RuleCondition.Builder shape(RuleCondition condition) {
        return RuleCondition.builder().field(condition.field());
    }

    private record Chosen(List<String> values, List<String> regexes) {}

    /// Values or regular expressions, from the config or, in the older spelling, beside it.
    private static Chosen chosen(RuleCondition condition, List<String> configValues, List<String> configRegexes) {
        String config = configOf(condition.field());
        boolean configured = !configValues.isEmpty() || !configRegexes.isEmpty();
        Refusals.require(!configured || condition.values().isEmpty(),
                "You cannot provide both Values and '" + config + "' for a condition of type '" + condition.field() + "'");
        Refusals.require(!configured || condition.regexValues().isEmpty(),
                "You cannot provide both RegexValues and '" + config + "' for a condition of type '" + condition.field() + "'");
        List<String> values = configured ? configValues : condition.values();
        List<String> regexes = configured ? configRegexes : condition.regexValues();
        Refusals.require(values.isEmpty() || regexes.isEmpty(),
                "You must provide exactly one of the following: ['Values' 'RegexValues'] for config of type '" + config + "'");
        checkLengths(condition, regexes.isEmpty() ? values : regexes, LONGEST);
        regexes.forEach(Conditions::checkRegex);
        return new Chosen(List.copyOf(values), List.copyOf(regexes));
    }

    private static void checkLengths(RuleCondition condition, List<String> values, int longest) {
        Refusals.require(!values.isEmpty(), "A condition value must be specified");
        values.forEach(value -> {
            Refusals.require(value != null && !value.isEmpty(), "A condition value must be specified");
            Refusals.require(value.length() <= longest, "Condition value for '" + condition.field() + "' cannot contain more than " + longest + " characters");
        });
    }

    private static void checkCharacters(String value, String shown, String allowed) {
        Refusals.require(value.matches(allowed), "Condition value '" + shown + "' contains a character that is not valid");
    }

    /// Text ours. ALB's expressions know no Unicode classes, which RE2 does.
    static void checkRegex(String regex) {
        boolean usable = !regex.contains("\\p") && !regex.contains("\\P");
        try {
            Regexes.compile(regex, false);
        } catch (IllegalArgumentException e) {
            usable = false;
        }
        Refusals.require(usable, "The regular expression '" + regex + "' is not valid");
    }

    /// What must follow the last dot, and that there is one: as documented, texts ours.
    private static void checkHost(String host) {
        checkCharacters(host, host, HOST);
        Refusals.require(host.contains("."), "Condition value '" + host + "' must contain at least one '.' character");
        Refusals.require(host.substring(host.lastIndexOf('.') + 1).matches("[A-Za-z*?]*"),
                "Condition value '" + host + "' can only contain alphabetical characters after the final '.' character");
    }

    private static RuleCondition header(RuleCondition condition) {
        HttpHeaderConditionConfig config = condition.httpHeaderConfig();
        Refusals.require(condition.values().isEmpty(), "You must provide 'HttpHeaderConfig' for a condition of type 'http-header'");
        Refusals.require(config != null && config.httpHeaderName() != null && !config.httpHeaderName().isEmpty(), "A header name must be specified");
        String name = config.httpHeaderName();
        Refusals.require(name.length() <= 40, "Header name '" + name + "' cannot be longer than '40' characters");
        Refusals.require(!name.contains("*") && !name.contains("?"), "Wildcards are not supported in the header name");
        Refusals.require(name.matches(TOKEN), "Header name '" + name + "' contains a character that is not valid");
        Refusals.require(!name.equalsIgnoreCase("host"), "You cannot specify 'host' as an HTTP header name");
        Chosen chosen = chosen(condition, config.values(), config.regexValues());
        chosen.values().forEach(value -> checkCharacters(value, value, PRINTABLE));
        return shape(condition).httpHeaderConfig(c -> {
            c.httpHeaderName(name);
            if (chosen.regexes().isEmpty()) {
                c.values(chosen.values());
            } else {
                c.regexValues(chosen.regexes());
            }
        }).build();
    }

    private static void refuseOutside(RuleCondition condition) {
        Refusals.require(condition.values().isEmpty() && condition.regexValues().isEmpty(),
                "You must provide '" + configOf(condition.field()) + "' for a condition of type '" + condition.field() + "'");
    }

    private static RuleCondition method(RuleCondition condition) {
        refuseOutside(condition);
        List<String> values = condition.httpRequestMethodConfig() == null ? List.of() : condition.httpRequestMethodConfig().values();
        checkLengths(condition, values, 40);
        values.forEach(value -> checkCharacters(value, value, "[A-Z_-]+"));
        return shape(condition).httpRequestMethodConfig(c -> c.values(values)).build();
    }

    private static RuleCondition query(RuleCondition condition) {
        refuseOutside(condition);
        QueryStringConditionConfig config = condition.queryStringConfig();
        Refusals.require(config != null && !config.values().isEmpty(), "A condition value must be specified");
        config.values().forEach(pair -> {
            Refusals.require(pair.value() != null, "A condition value must be specified");
            checkLengths(condition, pair.key() == null || pair.key().isEmpty() ? List.of(pair.value()) : List.of(pair.key(), pair.value()), LONGEST);
            checkCharacters((pair.key() == null ? "" : pair.key()) + pair.value(), pair.value(), PRINTABLE);
        });
        return shape(condition).queryStringConfig(config).build();
    }

    private static RuleCondition source(RuleCondition condition) {
        refuseOutside(condition);
        List<String> values = condition.sourceIpConfig() == null ? List.of() : condition.sourceIpConfig().values();
        checkLengths(condition, values, 64);
        values.forEach(value -> Refusals.require(isCidr(value), "The specified value '" + value + "' is not a valid CIDR block"));
        return shape(condition).sourceIpConfig(c -> c.values(values)).build();
    }

    private static boolean isCidr(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length != 2 || !parts[1].matches("\\d{1,3}") || text.equals("255.255.255.255/32")) {
            return false;
        }
        boolean v6 = parts[0].contains(":");
        return Addresses.isLiteral(parts[0]) && Integer.parseInt(parts[1]) <= (v6 ? 128 : 32);
    }

    /// Everything a request is compared with, regular expressions aside. Keys of queries are part of their value's comparison.
    private static Stream<String> values(RuleCondition condition) {
        return switch (condition.field()) {
            case "http-header" -> condition.httpHeaderConfig().values().stream();
            case "http-request-method" -> condition.httpRequestMethodConfig().values().stream();
            case "query-string" -> condition.queryStringConfig().values().stream().map(pair -> (pair.key() == null ? "" : pair.key()) + pair.value());
            case "source-ip" -> condition.sourceIpConfig().values().stream();
            default -> condition.values().stream();
        };
    }

    private static Stream<String> regexes(RuleCondition condition) {
        return condition.httpHeaderConfig() == null ? condition.regexValues().stream() : condition.httpHeaderConfig().regexValues().stream();
    }

    private static long wildcards(String value) {
        return value.replaceAll("\\\\[*?\\\\]", "").chars().filter(c -> c == '*' || c == '?').count();
    }
}
