package dev.viridian.services.elbv2;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.*;

/// Checks the conditions of a rule and brings them into the form in which AWS shows them again: host and path conditions carry both spellings.
///
/// Source: Elastic Load Balancing API, RuleCondition; "Quotas for your Application Load Balancers".
final class Conditions {
    private static final List<String> FIELDS = List.of("path-pattern", "host-header", "http-header", "http-request-method", "query-string",
            "source-ip");
    private static final Set<String> ONCE = Set.of("path-pattern", "host-header", "http-request-method", "source-ip");
    private static final int MOST_VALUES = 5;

    private Conditions() {}

    static List<RuleCondition> checked(List<RuleCondition> conditions) {
        Refusals.require(!conditions.isEmpty(), "At least one condition must be specified");
        Map<String, Integer> seen = new HashMap<>();
        List<RuleCondition> normal = conditions.stream().map(condition -> {
            Refusals.require(condition.field() != null && FIELDS.contains(condition.field()),
                    "Condition field '" + condition.field() + "' must be one of '[" + String.join(",", FIELDS) + "]'");
            if (condition.hasRegexValues()) {
                throw new UnsupportedOperationException("Rule conditions with RegexValues");
            }
            Refusals.require(seen.merge(condition.field(), 1, Integer::sum) == 1 || !ONCE.contains(condition.field()),
                    "A rule can only have one '" + condition.field() + "' condition");
            return normal(condition);
        }).toList();
        Refusals.require(normal.stream().mapToInt(Conditions::count).sum() <= MOST_VALUES,
                "A rule can only have '" + MOST_VALUES + "' condition values");
        return normal;
    }

    private static RuleCondition normal(RuleCondition condition) {
        return switch (condition.field()) {
            case "host-header" -> {
                List<String> values = values(condition, condition.hostHeaderConfig() == null ? null : condition.hostHeaderConfig().values(), 128);
                yield RuleCondition.builder().field("host-header").values(values).hostHeaderConfig(c -> c.values(values)).build();
            }
            case "path-pattern" -> {
                List<String> values = values(condition, condition.pathPatternConfig() == null ? null : condition.pathPatternConfig().values(), 128);
                yield RuleCondition.builder().field("path-pattern").values(values).pathPatternConfig(c -> c.values(values)).build();
            }
            case "http-header" -> header(condition);
            case "http-request-method" -> method(condition);
            case "query-string" -> query(condition);
            default -> source(condition);
        };
    }

    /// Only host and path conditions may use the older spelling `Values`.
    private static List<String> values(RuleCondition condition, @Nullable List<String> configured, int longest) {
        Refusals.require(configured == null || configured.isEmpty() || !condition.hasValues() || condition.values().isEmpty(),
                "You cannot specify both Values and a condition config for the condition field '" + condition.field() + "'");
        List<String> values = configured == null || configured.isEmpty() ? condition.values() : configured;
        Refusals.require(!values.isEmpty(), "A condition value must be specified");
        values.forEach(value -> {
            Refusals.require(!value.isEmpty(), "A condition value must be specified");
            Refusals.require(value.length() <= longest, "Condition value '" + value + "' cannot be longer than '" + longest + "' characters");
        });
        return List.copyOf(values);
    }

    private static RuleCondition header(RuleCondition condition) {
        HttpHeaderConditionConfig config = condition.httpHeaderConfig();
        Refusals.require(config != null && config.httpHeaderName() != null && !config.httpHeaderName().isEmpty(), "A header name must be specified");
        Refusals.require(config.httpHeaderName().length() <= 40, "Header name '" + config.httpHeaderName()
                + "' cannot be longer than '40' characters");
        Refusals.require(!config.httpHeaderName().contains("*") && !config.httpHeaderName().contains("?"),
                "Wildcards are not supported in the header name");
        List<String> values = values(RuleCondition.builder().field(condition.field()).build(), config.values(), 128);
        return RuleCondition.builder().field("http-header").httpHeaderConfig(c -> c.httpHeaderName(config.httpHeaderName()).values(values)).build();
    }

    private static RuleCondition method(RuleCondition condition) {
        List<String> values = values(RuleCondition.builder().field(condition.field()).build(),
                condition.httpRequestMethodConfig() == null ? null : condition.httpRequestMethodConfig().values(), 40);
        values.forEach(value -> Refusals.require(value.matches("[A-Z_-]+"),
                "Request method '" + value + "' can only contain uppercase letters, hyphens and underscores"));
        return RuleCondition.builder().field("http-request-method").httpRequestMethodConfig(c -> c.values(values)).build();
    }

    private static RuleCondition query(RuleCondition condition) {
        QueryStringConditionConfig config = condition.queryStringConfig();
        Refusals.require(config != null && !config.values().isEmpty(), "A condition value must be specified");
        config.values().forEach(pair -> {
            Refusals.require(pair.value() != null && !pair.value().isEmpty(), "A condition value must be specified");
            Refusals.require(pair.value().length() <= 128 && (pair.key() == null || pair.key().length() <= 128),
                    "Condition value '" + pair.value() + "' cannot be longer than '128' characters");
        });
        return RuleCondition.builder().field("query-string").queryStringConfig(config).build();
    }

    private static RuleCondition source(RuleCondition condition) {
        List<String> values = values(RuleCondition.builder().field(condition.field()).build(), condition.sourceIpConfig() == null ? null
                : condition.sourceIpConfig().values(), 64);
        values.forEach(value -> Refusals.require(isCidr(value), "Condition value '" + value + "' is not a valid CIDR block"));
        return RuleCondition.builder().field("source-ip").sourceIpConfig(c -> c.values(values)).build();
    }

    private static boolean isCidr(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length != 2 || !parts[1].matches("\\d{1,3}")) {
            return false;
        }
        boolean v6 = parts[0].contains(":");
        return Addresses.isLiteral(parts[0]) && Integer.parseInt(parts[1]) <= (v6 ? 128 : 32);
    }

    private static int count(RuleCondition condition) {
        return switch (condition.field()) {
            case "http-header" -> condition.httpHeaderConfig().values().size();
            case "http-request-method" -> condition.httpRequestMethodConfig().values().size();
            case "query-string" -> condition.queryStringConfig().values().size();
            case "source-ip" -> condition.sourceIpConfig().values().size();
            default -> condition.values().size();
        };
    }
}
