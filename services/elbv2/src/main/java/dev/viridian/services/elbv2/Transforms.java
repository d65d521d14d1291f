package dev.viridian.services.elbv2;

import dev.viridian.proxy.routing.Rewrite;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.*;

/// The transforms of a rule: at most one of each type, each with one rewrite.
///
/// Source: Elastic Load Balancing API, RuleTransform; user guide "Transforms for listener rules". Lengths as the console and Terraform's provider have
/// them. Texts are ours.
final class Transforms {
    private static final int LONGEST = 1024;

    private Transforms() {}

    static List<RuleTransform> checked(List<RuleTransform> transforms, List<Action> actions) {
        Set<TransformTypeEnum> seen = EnumSet.noneOf(TransformTypeEnum.class);
        for (RuleTransform transform : transforms) {
            Refusals.require(transform.type() != null && transform.type() != TransformTypeEnum.UNKNOWN_TO_SDK_VERSION,
                    "Transform type '" + transform.typeAsString() + "' must be one of '[host-header-rewrite,url-rewrite]'");
            Refusals.require(seen.add(transform.type()), "A rule can only have one '" + transform.typeAsString() + "' transform");
            boolean host = transform.type() == TransformTypeEnum.HOST_HEADER_REWRITE;
            Refusals.require(host ? transform.urlRewriteConfig() == null : transform.hostHeaderRewriteConfig() == null,
                    "You cannot provide '" + (host ? "UrlRewriteConfig" : "HostHeaderRewriteConfig") + "' for a transform of type '"
                            + transform.typeAsString() + "'");
            List<RewriteConfig> rewrites = rewrites(transform);
            Refusals.require(rewrites.size() == 1, "A transform of type '" + transform.typeAsString() + "' must have exactly one rewrite");
            check(rewrites.getFirst());
        }
        if (!transforms.isEmpty() && actions.getLast().type() != ActionTypeEnum.FORWARD) {
            throw new UnsupportedOperationException("Rules with transforms and an action other than forward");
        }
        return transforms;
    }

    private static void check(RewriteConfig rewrite) {
        Refusals.require(rewrite.regex() != null && !rewrite.regex().isEmpty(), "A regular expression must be specified for a rewrite");
        Refusals.require(rewrite.replace() != null, "A replacement must be specified for a rewrite");
        Refusals.require(rewrite.regex().length() <= LONGEST, "The regular expression of a rewrite cannot be longer than '" + LONGEST + "' characters");
        Refusals.require(rewrite.replace().length() <= LONGEST, "The replacement of a rewrite cannot be longer than '" + LONGEST + "' characters");
        Conditions.checkRegex(rewrite.regex());
    }

    private static List<RewriteConfig> rewrites(RuleTransform transform) {
        if (transform.type() == TransformTypeEnum.HOST_HEADER_REWRITE) {
            return transform.hostHeaderRewriteConfig() == null ? List.of() : transform.hostHeaderRewriteConfig().rewrites();
        }
        return transform.urlRewriteConfig() == null ? List.of() : transform.urlRewriteConfig().rewrites();
    }

    static Rewrite rewrite(List<RuleTransform> transforms) {
        return new Rewrite(rewrite(transforms, TransformTypeEnum.HOST_HEADER_REWRITE), rewrite(transforms, TransformTypeEnum.URL_REWRITE));
    }

    private static Optional<Rewrite.Replacement> rewrite(List<RuleTransform> transforms, TransformTypeEnum type) {
        return transforms.stream().filter(transform -> transform.type() == type).findFirst().map(transform -> rewrites(transform).getFirst())
                .map(rewrite -> new Rewrite.Replacement(rewrite.regex(), rewrite.replace()));
    }
}
