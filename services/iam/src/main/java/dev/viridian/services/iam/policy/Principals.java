package dev.viridian.services.iam.policy;

import dev.viridian.aws.Principal;
import java.util.List;
import java.util.Map;

/// Whom the Principal element means.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>
final class Principals {
    private Principals() {}

    /// Whether the statement speaks of the caller at all. Policies without the element belong to an identity and speak of whoever has it.
    static boolean covers(Statement statement, AccessRequest request) {
        if (statement.notPrincipals().isPresent()) {
            return !means(statement.notPrincipals().get(), request);
        }
        return statement.principals().map(principals -> means(principals, request)).orElse(true);
    }

    private static boolean means(Map<String, List<String>> principals, AccessRequest request) {
        return namesEverybody(principals) || namesAccount(principals, request)
                || request.principalArns().stream().anyMatch(arn -> names(principals, request, arn));
    }

    static boolean namesEverybody(Map<String, List<String>> principals) {
        return principals.getOrDefault("AWS", List.of()).contains("*");
    }

    static boolean namesAccount(Map<String, List<String>> principals, AccessRequest request) {
        List<String> named = principals.getOrDefault("AWS", List.of());
        return request.account().filter(account -> named.contains(account) || named.contains("arn:aws:iam::" + account + ":root")).isPresent();
    }

    /// Whether the caller is named under exactly this ARN, its unique id, or as a service.
    static boolean names(Map<String, List<String>> principals, AccessRequest request, String arn) {
        if (request.principal() instanceof Principal.Service service) {
            return principals.getOrDefault("Service", List.of()).stream()
                    .anyMatch(name -> name.equals("*") || global(name).equals(global(service.name())));
        }
        String id = request.principal().userId().split(":", 2)[0];
        return principals.getOrDefault("AWS", List.of()).stream().anyMatch(name -> name.equals(arn) || name.equals(id));
    }

    /// `codedeploy.us-east-1.amazonaws.com` is `codedeploy.amazonaws.com`; so CDK 1 writes it.
    private static String global(String service) {
        return service.replaceFirst("^([a-z0-9-]+)\\.[a-z]{2}(-[a-z]+)+-\\d\\.amazonaws\\.com$", "$1.amazonaws.com");
    }
}
