package dev.viridian.services.iam.policy;

import dev.viridian.aws.Principal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Who wants to do what to what.
///
/// @param account the principal's; empty for a service acting for itself
/// @param principalArns all ARNs under which policies may name the principal: for a session that of the session and of its role
/// @param action e.g. `s3:GetObject`
/// @param resource an ARN, or `*` for operations without a resource
/// @param context condition keys; looked up without regard to case
public record AccessRequest(Principal principal, Optional<String> account, List<String> principalArns, String action, String resource,
        Map<String, List<String>> context) {

    /// Without a path the ARNs follow from the principal.
    public static AccessRequest of(Principal principal, String action, String resource, Map<String, List<String>> context) {
        return new AccessRequest(principal, accountOf(principal), arnsOf(principal), action, resource, context);
    }

    public static Optional<String> accountOf(Principal principal) {
        return switch (principal) {
            case Principal.Root root -> Optional.of(root.account());
            case Principal.User user -> Optional.of(user.account());
            case Principal.RoleSession session -> Optional.of(session.account());
            case Principal.Service _ -> Optional.empty();
        };
    }

    private static List<String> arnsOf(Principal principal) {
        return switch (principal) {
            case Principal.RoleSession session -> List.of(session.arn(), "arn:aws:iam::" + session.account() + ":role/" + session.roleName());
            default -> List.of(principal.arn());
        };
    }

    Optional<List<String>> values(String key) {
        String wanted = key.toLowerCase(Locale.ROOT);
        return context.entrySet().stream().filter(entry -> entry.getKey().toLowerCase(Locale.ROOT).equals(wanted)).map(Map.Entry::getValue)
                .findFirst();
    }
}
