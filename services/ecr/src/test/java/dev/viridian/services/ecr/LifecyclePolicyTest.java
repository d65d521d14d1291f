package dev.viridian.services.ecr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LifecyclePolicyTest {
    private static final Instant NOW = Instant.parse("2026-01-31T00:00:00Z");

    /// Images are written `name@age in days[tags]`; an index lists others behind `>`.
    @ParameterizedTest(name = "{0} of {1} expires {2}")
    @CsvSource(delimiter = '|', textBlock = """
            # rules (priority tagStatus patterns count)  | images                              | expired
            1 untagged - 7d                              | a@8 b@6 c@9[v1]                     | a
            1 untagged - 7d                              | a@7                                 | a
            1 any - 2                                    | a@3 b@2 c@1                         | a
            1 any - 2                                    | a@3[x] b@2                          |
            1 tagged prod 1                              | a@3[prod1] b@2[prod2] c@1[dev]      | a
            1 tagged prod,beta 1                         | a@3[prod1,beta] b@2[prod2] c@1[prod,beta2] | a
            1 tagged prod 5;2 any - 1                    | a@9[prod1] b@8[dev1] c@7            | b
            1 tagged prod 1;2 any - 1                    | a@9[prod1] b@8[prod2] c@7 d@6       | a,c
            1 any - 1                                    | a@3 b@2>a c@1                       | b
            """)
    void images_expire_by_rule(String rules, String images, String expired) {
        Map<String, List<String>> tags = new TreeMap<>();
        List<EcrImage> all = Arrays.stream(images.split(" ")).map(text -> image(text, tags)).toList();

        assertThat(LifecyclePolicy.parse(policy(rules)).expired(all, tags, UnaryOperator.identity(), NOW))
                .containsExactlyInAnyOrder(expired == null ? new String[0] : expired.split(","));
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource(delimiter = '|', textBlock = """
            1 | "tagStatus":"some"                                                                | expire     | tagStatus must be
            1 | "tagStatus":"any","countType":"imageCountMoreThan","countNumber":1                | transition | must be 'expire'
            1 | "tagStatus":"tagged","countType":"imageCountMoreThan","countNumber":1             | expire     | needs a tagPrefixList
            1 | "tagStatus":"any","tagPrefixList":["a"],"countType":"imageCountMoreThan"          | expire     | may name tags
            1 | "tagStatus":"any","countType":"sinceImagePushed","countNumber":1                  | expire     | countUnit must be
            1 | "tagStatus":"any","countType":"imageCountMoreThan","countNumber":0                | expire     | positive
            1 | "tagStatus":"any","countType":"sinceImagePulled","countNumber":1                  | expire     | countType must be
            0 | "tagStatus":"any","countType":"imageCountMoreThan","countNumber":1                | expire     | rulePriority from 1
            """, quoteCharacter = '`')
    void a_rule_that_cannot_be_meant_is_refused(String priority, String selection, String action, String reason) {
        String text = "{\"rules\":[{\"rulePriority\":" + priority + ",\"selection\":{" + selection + "},\"action\":{\"type\":\"" + action + "\"}}]}";
        assertThatThrownBy(() -> LifecyclePolicy.parse(text)).hasMessageContaining(reason);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"rules":[]} | needs 1 to 50
            {            | Invalid JSON
            []           | expected an object
            """)
    void a_text_that_is_no_policy_is_refused(String text, String reason) {
        assertThatThrownBy(() -> LifecyclePolicy.parse(text)).hasMessageContaining(reason);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            1 any - 1;1 untagged - 1 | used more than once
            1 any - 1;2 untagged - 1 | highest rulePriority
            1 untagged - 1;2 untagged - 2 | only one rule
            """)
    void rules_must_go_together(String rules, String reason) {
        assertThatThrownBy(() -> LifecyclePolicy.parse(policy(rules))).hasMessageContaining(reason);
    }

    private static EcrImage image(String text, Map<String, List<String>> tags) {
        String[] parts = text.split("[@\\[\\]>]");
        boolean index = text.contains(">");
        if (text.contains("[")) {
            tags.put(parts[0], List.of(parts[2].split(",")));
        }
        return new EcrImage(parts[0], "type", Optional.empty(), 1, NOW.minus(Duration.ofDays(Integer.parseInt(parts[1]))), List.of(), index
                ? List.of(parts[2]) : List.of(), Optional.empty());
    }

    private static String policy(String rules) {
        return "{\"rules\":[" + String.join(",", Arrays.stream(rules.split(";")).map(LifecyclePolicyTest::rule).toList()) + "]}";
    }

    private static String rule(String text) {
        String[] parts = text.strip().split(" ");
        String prefixes = parts[2].equals("-") ? "" : ",\"tagPrefixList\":[\"" + parts[2].replace(",", "\",\"") + "\"]";
        String count = parts[3].endsWith("d") ? "\"countType\":\"sinceImagePushed\",\"countUnit\":\"days\",\"countNumber\":"
                + parts[3].replace("d", "")
                : "\"countType\":\"imageCountMoreThan\",\"countNumber\":" + parts[3];
        return "{\"rulePriority\":" + parts[0] + ",\"selection\":{\"tagStatus\":\"" + parts[1] + "\"" + prefixes + "," + count
                + "},\"action\":{\"type\":\"expire\"}}";
    }
}
