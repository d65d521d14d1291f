package dev.viridian.services.elbv2;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A line of an access log, read by the regular expression that AWS's documentation gives to Athena.
///
/// Source: Athena user guide, "Create the table for ALB access logs".
record LoggedLine(String text, List<String> fields) {
    private static final List<String> NAMES = List.of("type", "time", "elb", "client_ip", "client_port", "target_ip", "target_port",
            "request_processing_time", "target_processing_time", "response_processing_time", "elb_status_code", "target_status_code",
            "received_bytes", "sent_bytes", "request_verb", "request_url", "request_proto", "user_agent", "ssl_cipher", "ssl_protocol",
            "target_group_arn", "trace_id", "domain_name", "chosen_cert_arn", "matched_rule_priority", "request_creation_time", "actions_executed",
            "redirect_url", "lambda_error_reason", "target_port_list", "target_status_code_list", "classification", "classification_reason",
            "conn_trace_id", "unknown_fields");
    private static final Pattern ATHENA = Pattern.compile("([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*):([0-9]*) ([^ ]*)[:-]([0-9]*) ([-.0-9]*) ([-.0-9]*) "
            + "([-.0-9]*) (|[-0-9]*) (-|[-0-9]*) ([-0-9]*) ([-0-9]*) \"([^ ]*) (.*) (- |[^ ]*)\" \"([^\"]*)\" ([A-Z0-9-_]+) ([A-Za-z0-9.-]*) ([^ ]*) "
            + "\"([^\"]*)\" \"([^\"]*)\" \"([^\"]*)\" ([-.0-9]*) ([^ ]*) \"([^\"]*)\" \"([^\"]*)\" \"([^ ]*)\" \"([^\\s]+?)\" \"([^\\s]+)\" "
            + "\"([^ ]*)\" \"([^ ]*)\" ?([^ ]*)?( .*)?");

    static LoggedLine of(String line) {
        Matcher matcher = ATHENA.matcher(line);
        if (!matcher.matches()) {
            throw new AssertionError("Athena would not read this line: " + line);
        }
        List<String> fields = new ArrayList<>();
        for (int i = 1; i <= matcher.groupCount(); i++) {
            fields.add(matcher.group(i) == null ? "" : matcher.group(i));
        }
        return new LoggedLine(line, fields);
    }

    String get(String name) {
        return fields.get(NAMES.indexOf(name));
    }

    /// The fields of these names, separated by blanks.
    String all(String... names) {
        return String.join(" ", java.util.Arrays.stream(names).map(this::get).toList());
    }
}
