package dev.viridian.services.elbv2;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.*;

/// Checks a redirect and completes it with the request's own parts.
///
/// Source: Elastic Load Balancing API, RedirectActionConfig. The texts on paths, loops and HTTPS were seen in reports of Terraform and of the AWS load
/// balancer controller; those on host, port and query are made after them.
final class Redirection {
    private static final Pattern PLACEHOLDER = Pattern.compile("#\\{[^}]*}");

    private Redirection() {}

    static Action checked(Action action, ProtocolEnum protocol, int port) {
        RedirectActionConfig wanted = action.redirectConfig();
        Actions.requireConfig(wanted != null, action, "RedirectConfig");
        RedirectActionConfig full = RedirectActionConfig.builder().protocol(or(wanted.protocol(), "#{protocol}")).host(or(wanted.host(), "#{host}"))
                .port(or(wanted.port(), "#{port}")).path(or(wanted.path(), "/#{path}")).query(or(wanted.query(), "#{query}"))
                .statusCode(wanted.statusCode()).build();
        if (protocol == ProtocolEnum.HTTPS && full.protocol().equals("HTTP")) {
            throw Actions.invalid("You cannot redirect HTTPS to HTTP");
        }
        check(full.host(), "[A-Za-z0-9.*?-]*", List.of("#{host}"), !full.host().isEmpty(),
                "The Host parameter must be a valid hostname and may contain up to one of each of these placeholders: '#{host}'.");
        check(full.path(), "[A-Za-z0-9_.$/~\"'@:+&*?-]*", List.of("#{path}", "#{host}", "#{port}"), full.path().startsWith("/"),
                "The Path parameter must be a valid path, should start with a '/' and may contain up to one of each of these placeholders: "
                        + "'#{path}', '#{host}', '#{port}'.");
        check(full.query(), "[ -~&&[^#]]*", List.of("#{query}", "#{path}", "#{host}", "#{port}", "#{protocol}"), !full.query().startsWith("?"),
                "The Query parameter must be a valid query string without a leading '?' and may contain up to one of each of these placeholders: "
                        + "'#{query}', '#{path}', '#{host}', '#{port}', '#{protocol}'.");
        check(full.port(), "(?!0)\\d{1,5}|", List.of("#{port}"), full.port().equals("#{port}") || isPort(full.port()),
                "The Port parameter must be a valid port between '1' and '65535' or the placeholder '#{port}'.");
        boolean staysHere = Stream.of("#{protocol}", protocol.toString()).anyMatch(full.protocol()::equals) && full.host().equals("#{host}")
                && Stream.of("#{port}", Integer.toString(port)).anyMatch(full.port()::equals) && full.path().equals("/#{path}");
        if (staysHere) {
            throw Actions.invalid("The redirect configuration is not valid because it creates a loop.");
        }
        return Action.builder().type(ActionTypeEnum.REDIRECT).order(action.order()).redirectConfig(full).build();
    }

    private static String or(@Nullable String given, String standard) {
        return given == null ? standard : given;
    }

    private static boolean isPort(String port) {
        return port.matches("[1-9]\\d{0,4}") && Integer.parseInt(port) <= 65_535;
    }

    /// @param characters what may stand around the placeholders
    private static void check(String value, String characters, List<String> placeholders, boolean further, String message) {
        List<String> used = PLACEHOLDER.matcher(value).results().map(result -> result.group()).toList();
        boolean once = used.stream().distinct().count() == used.size() && placeholders.containsAll(used);
        if (!further || !once || !PLACEHOLDER.matcher(value).replaceAll("").matches(characters)) {
            throw Actions.invalid(message);
        }
    }
}
