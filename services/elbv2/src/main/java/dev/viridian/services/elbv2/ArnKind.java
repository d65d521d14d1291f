package dev.viridian.services.elbv2;

import dev.viridian.aws.Arn;
import java.util.regex.Pattern;

/// What an ARN of Elastic Load Balancing can name. Before anything is looked for by ARN it is asked whether the ARN can name such a thing of the
/// caller's account and region: AWS tells a wrong ARN from one of something that is gone, deletes included.
enum ArnKind {
    LOAD_BALANCER("load balancer", "loadbalancer/(app|net|gwy)(/[^/]+){2}"),
    TARGET_GROUP("target group", "targetgroup(/[^/]+){2}"),
    LISTENER("listener", "listener/(app|net|gwy)(/[^/]+){3}"),
    /// A guess after the others: no report with this wording is known.
    RULE("listener rule", "listener-rule/(app|net|gwy)(/[^/]+){4}");

    private final String words;
    private final Pattern resource;

    ArnKind(String words, String resource) {
        this.words = words;
        this.resource = Pattern.compile(resource);
    }

    boolean matches(String text) {
        return Arn.isArn(text) && resource.matcher(Arn.parse(text).resource()).matches()
                && text.equals(Arn.here("elasticloadbalancing", Arn.parse(text).resource()));
    }

    /// The same text, if it can be one.
    String checked(String text) {
        Refusals.require(matches(text), "'" + text + "' is not a valid " + words + " ARN");
        return text;
    }
}
