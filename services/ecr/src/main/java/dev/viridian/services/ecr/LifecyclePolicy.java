package dev.viridian.services.ecr;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/// Which images of a repository have had their time.
///
/// Source: ECR user guide, "Lifecycle policies", sections "How lifecycle policies work" and "Lifecycle policy properties".
///
/// @param rules by priority, the most important first
record LifecyclePolicy(List<Rule> rules) {
    private static final int MOST_RULES = 50;
    private static final String PARAMETER = "LifecyclePolicyText";

    enum Tagged { TAGGED, UNTAGGED, ANY }

    /// When an image a rule selects is too many or too old.
    sealed interface Count {
        record MoreThan(int images) implements Count {}

        record SincePushed(Duration age) implements Count {}
    }

    /// @param patterns which all must be matched by some tag of the image; prefixes are patterns that end in `*`
    record Rule(int priority, Tagged tagged, List<String> patterns, Count count) {

        boolean selects(List<String> tags) {
            return switch (tagged) {
                case ANY -> true;
                case UNTAGGED -> tags.isEmpty();
                case TAGGED -> !tags.isEmpty() && patterns.stream().allMatch(pattern -> tags.stream().anyMatch(tag -> matches(pattern, tag)));
            };
        }

        private static boolean matches(String pattern, String tag) {
            return Pattern.matches(("\\Q" + pattern + "\\E").replace("*", "\\E.*\\Q"), tag);
        }
    }

    LifecyclePolicy {
        rules = rules.stream().sorted(Comparator.comparing(Rule::priority)).toList();
    }

    /// Digests of the images that expire now. An image a rule selects is safe from all rules of less importance, though these count it. What an index
    /// lists stays as long as the index.
    ///
    /// @param tags names of tags by digest
    /// @param paced how long a configured duration really lasts
    Set<String> expired(List<EcrImage> images, Map<String, List<String>> tags, UnaryOperator<Duration> paced, Instant now) {
        List<EcrImage> newestFirst = images.stream().sorted(Comparator.comparing(EcrImage::pushed).reversed()
                .thenComparing(EcrImage::digest)).toList();
        Set<String> claimed = new HashSet<>();
        images.forEach(image -> claimed.addAll(image.manifests()));
        Set<String> expired = new LinkedHashSet<>();
        for (Rule rule : rules) {
            List<EcrImage> selected = newestFirst.stream().filter(image -> rule.selects(tags.getOrDefault(image.digest(), List.of()))).toList();
            List<EcrImage> due = switch (rule.count()) {
                case Count.MoreThan(int most) -> selected.subList(Math.min(most, selected.size()), selected.size());
                case Count.SincePushed(Duration age) -> selected.stream().filter(image -> !image.pushed().plus(paced.apply(age))
                        .isAfter(now)).toList();
            };
            due.stream().map(EcrImage::digest).filter(digest -> !claimed.contains(digest)).forEach(expired::add);
            selected.forEach(image -> claimed.add(image.digest()));
        }
        return expired;
    }

    static LifecyclePolicy parse(String text) {
        JsonNode rules = Json.requireObject(text, PARAMETER).path("rules");
        if (!rules.isArray() || rules.isEmpty() || rules.size() > MOST_RULES) {
            throw invalid("a policy needs 1 to " + MOST_RULES + " 'rules'");
        }
        List<Rule> parsed = StreamSupport.stream(rules.spliterator(), false).map(LifecyclePolicy::rule).toList();
        check(parsed);
        return new LifecyclePolicy(parsed);
    }

    private static void check(List<Rule> rules) {
        Set<Integer> priorities = new TreeSet<>();
        for (Rule rule : rules) {
            if (!priorities.add(rule.priority())) {
                throw invalid("rulePriority " + rule.priority() + " is used more than once");
            }
        }
        if (rules.stream().filter(rule -> rule.tagged() == Tagged.UNTAGGED).count() > 1 || rules.stream().filter(rule -> rule.tagged() == Tagged.ANY)
                .count() > 1) {
            throw invalid("only one rule may select 'untagged' images, and only one 'any'");
        }
        int last = rules.stream().mapToInt(Rule::priority).max().orElse(0);
        if (rules.stream().anyMatch(rule -> rule.tagged() == Tagged.ANY && rule.priority() != last)) {
            throw invalid("the rule that selects 'any' must have the highest rulePriority");
        }
    }

    private static Rule rule(JsonNode json) {
        JsonNode selection = json.path("selection");
        if (!json.path("rulePriority").isIntegralNumber() || json.path("rulePriority").asInt() < 1) {
            throw invalid("each rule needs a rulePriority from 1");
        }
        if (!json.path("action").path("type").asString("").equals("expire")) {
            throw invalid("the action of a rule must be 'expire'; others are not supported here");
        }
        Tagged tagged = switch (selection.path("tagStatus").asString("")) {
            case "tagged" -> Tagged.TAGGED;
            case "untagged" -> Tagged.UNTAGGED;
            case "any" -> Tagged.ANY;
            default -> throw invalid("tagStatus must be 'tagged', 'untagged' or 'any'");
        };
        List<String> patterns = patterns(selection);
        if ((tagged == Tagged.TAGGED) == patterns.isEmpty()) {
            throw invalid(patterns.isEmpty() ? "a rule for 'tagged' images needs a tagPrefixList or a tagPatternList"
                    : "only a rule for 'tagged' images may name tags");
        }
        return new Rule(json.path("rulePriority").asInt(), tagged, patterns, count(selection));
    }

    private static List<String> patterns(JsonNode selection) {
        List<String> patterns = new ArrayList<>();
        selection.path("tagPrefixList").forEach(prefix -> patterns.add(prefix.asString("") + "*"));
        if (!patterns.isEmpty() && !selection.path("tagPatternList").isEmpty()) {
            throw invalid("a rule may have a tagPrefixList or a tagPatternList, not both");
        }
        selection.path("tagPatternList").forEach(pattern -> patterns.add(pattern.asString("")));
        return patterns;
    }

    private static Count count(JsonNode selection) {
        int number = selection.path("countNumber").asInt(0);
        if (number < 1) {
            throw invalid("countNumber must be a positive number");
        }
        boolean days = selection.path("countUnit").asString("").equals("days");
        return switch (selection.path("countType").asString("")) {
            case "imageCountMoreThan" -> {
                if (selection.has("countUnit")) {
                    throw invalid("countUnit goes with sinceImagePushed only");
                }
                yield new Count.MoreThan(number);
            }
            case "sinceImagePushed" -> {
                if (!days) {
                    throw invalid("countUnit must be 'days' with sinceImagePushed");
                }
                yield new Count.SincePushed(Duration.ofDays(number));
            }
            default -> throw invalid("countType must be 'imageCountMoreThan' or 'sinceImagePushed'; others are not supported here");
        };
    }

    private static RuntimeException invalid(String reason) {
        return Refusals.parameter(PARAMETER, "Lifecycle policy validation failure: " + reason);
    }
}
