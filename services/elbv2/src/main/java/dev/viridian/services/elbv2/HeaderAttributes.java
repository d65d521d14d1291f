package dev.viridian.services.elbv2;

import dev.viridian.proxy.routing.HeaderEdits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;

/// The attributes of an application load balancer's listener: which headers it writes, and how it calls them.
///
/// Source: Elastic Load Balancing API, ListenerAttribute; user guide "HTTP header modification for your Application Load Balancer"; accepted values as
/// Terraform's provider lists them. The text on invalid characters was seen in a report of the AWS load balancer controller, the others are ours.
final class HeaderAttributes {
    private static final Pattern PRINTABLE = Pattern.compile("[ -~]{0,1024}");
    private static final String NAME = "[!#$%&'*+.^_`|~0-9A-Za-z-]{1,40}";
    private static final Pattern METHODS = list("(\\*|GET|HEAD|POST|PUT|DELETE|CONNECT|OPTIONS|TRACE|PATCH)");
    private static final Pattern HEADERS = list("(\\*|[A-Za-z0-9-]+)");
    private static final String TLS = "routing.http.request.x_amzn_tls_";
    private static final String MTLS = "routing.http.request.x_amzn_mtls_clientcert";
    private static final String SERVER = "routing.http.response.server.enabled";

    /// Header by the part of the key that speaks of it, in the order in which they are written.
    private static final Map<String, String> ANSWERS = new LinkedHashMap<>();

    static {
        ANSWERS.put("strict_transport_security", "Strict-Transport-Security");
        ANSWERS.put("access_control_allow_origin", "Access-Control-Allow-Origin");
        ANSWERS.put("access_control_allow_methods", "Access-Control-Allow-Methods");
        ANSWERS.put("access_control_allow_headers", "Access-Control-Allow-Headers");
        ANSWERS.put("access_control_allow_credentials", "Access-Control-Allow-Credentials");
        ANSWERS.put("access_control_expose_headers", "Access-Control-Expose-Headers");
        ANSWERS.put("access_control_max_age", "Access-Control-Max-Age");
        ANSWERS.put("content_security_policy", "Content-Security-Policy");
        ANSWERS.put("x_content_type_options", "X-Content-Type-Options");
        ANSWERS.put("x_frame_options", "X-Frame-Options");
    }

    private static final List<Attribute> OF_ANSWERS = Stream.concat(Stream.of(Attribute.flag(SERVER, true)),
            ANSWERS.keySet().stream().map(HeaderAttributes::ofAnswer)).toList();

    private static final List<Attribute> OF_REQUESTS = Stream.concat(
            Stream.of(name(TLS + "version.header_name", "X-Amzn-Tls-Version"), name(TLS + "cipher_suite.header_name", "X-Amzn-Tls-Cipher-Suite")),
            Stream.of("_serial_number", "_issuer", "_subject", "_validity", "_leaf", "").map(HeaderAttributes::ofClientCertificate)).toList();

    /// Only where TLS ends are there headers about it.
    static final List<Attribute> HTTPS = Stream.concat(OF_ANSWERS.stream(), OF_REQUESTS.stream()).toList();

    private HeaderAttributes() {}

    static List<Attribute> of(ProtocolEnum protocol) {
        return protocol == ProtocolEnum.HTTPS ? HTTPS : OF_ANSWERS;
    }

    private static Pattern list(String element) {
        return Pattern.compile("(" + element + "( *, *" + element + ")*)?");
    }

    private static Attribute ofAnswer(String part) {
        Predicate<String> valid = switch (part) {
            case "access_control_allow_methods" -> METHODS.asMatchPredicate();
            case "access_control_allow_headers", "access_control_expose_headers" -> HEADERS.asMatchPredicate();
            case "access_control_allow_credentials" -> value -> value.isEmpty() || value.equals("true");
            case "access_control_max_age" -> value -> value.isEmpty() || value.matches("\\d{1,5}") && Integer.parseInt(value) <= 86_400;
            case "x_content_type_options" -> value -> value.isEmpty() || value.equals("nosniff");
            case "x_frame_options" -> value -> value.isEmpty() || value.equals("DENY") || value.equals("SAMEORIGIN");
            default -> PRINTABLE.asMatchPredicate();
        };
        String key = key(part);
        return new Attribute(key, "", valid, _ -> "The value of '" + key + "' contains invalid characters", _ -> true);
    }

    private static String key(String part) {
        return "routing.http.response." + part + ".header_value";
    }

    private static Attribute name(String key, String standard) {
        return new Attribute(key, standard, value -> value.matches(NAME), _ -> "The value of '" + key + "' contains invalid characters", _ -> true);
    }

    /// Clients are not asked for certificates here, so there is nothing to rename.
    private static Attribute ofClientCertificate(String part) {
        String standard = "X-Amzn-Mtls-Clientcert" + switch (part) {
            case "_serial_number" -> "-Serial-Number";
            case "_issuer" -> "-Issuer";
            case "_subject" -> "-Subject";
            case "_validity" -> "-Validity";
            case "_leaf" -> "-Leaf";
            default -> "";
        };
        return name(MTLS + part + ".header_name", standard).serving(standard);
    }

    /// @param attributes of the listener, complete with defaults
    /// @param tellsTls whether its load balancer tells targets about TLS
    static HeaderEdits edits(Map<String, String> attributes, boolean tellsTls) {
        List<HeaderEdits.Field> answers = new ArrayList<>();
        ANSWERS.forEach((part, name) -> {
            String value = attributes.getOrDefault(key(part), "");
            if (!value.isEmpty()) {
                answers.add(new HeaderEdits.Field(name, value));
            }
        });
        Optional<HeaderEdits.TlsNames> tls = tellsTls
                ? Optional.of(new HeaderEdits.TlsNames(attributes.getOrDefault(TLS + "version.header_name", "X-Amzn-Tls-Version"),
                attributes.getOrDefault(TLS + "cipher_suite.header_name", "X-Amzn-Tls-Cipher-Suite")))
                : Optional.empty();
        return new HeaderEdits(tls, !"false".equals(attributes.get(SERVER)), answers);
    }
}
