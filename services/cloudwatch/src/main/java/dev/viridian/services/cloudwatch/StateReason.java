package dev.viridian.services.cloudwatch;

import dev.viridian.services.cloudwatch.AlarmEvaluation.Missing;
import dev.viridian.services.cloudwatch.AlarmEvaluation.Reading;
import dev.viridian.services.cloudwatch.AlarmEvaluation.Rule;
import dev.viridian.services.cloudwatch.AlarmEvaluation.Verdict;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Why an alarm is in its state, in CloudWatch's own sentences. Source: StateReason and StateReasonData as published by users of the real service.
///
/// @param data JSON
record StateReason(String text, String data) {
    static final String CREATED = "Unchecked: Initial alarm creation";

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("dd/MM/yy HH:mm:ss").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSxx").withZone(ZoneOffset.UTC);
    private static final JsonMapper JSON = JsonMapper.shared();

    static StateReason of(MetricAlarm alarm, Rule rule, Verdict.Conclude verdict, Instant now) {
        return new StateReason(sentence(alarm, rule, verdict), data(alarm, rule, verdict, now));
    }

    private static String sentence(MetricAlarm alarm, Rule rule, Verdict.Conclude verdict) {
        if (verdict.state() == StateValue.INSUFFICIENT_DATA) {
            return "Insufficient Data: " + count(verdict.missing(), "datapoint") + " " + was(verdict.missing()) + " unknown.";
        }
        List<Reading> evidence = AlarmEvaluation.evidence(rule, verdict);
        if (evidence.isEmpty()) {
            return "Threshold Crossed: no datapoints were received for " + count(verdict.missing(), "period") + " and " + treated(rule, verdict)
                    + ".";
        }
        boolean outOf = alarm.datapointsToAlarm() != null && verdict.missing() == 0;
        String numbers = evidence.stream().map(reading -> reading.value() + " (" + DATE.format(reading.start()) + ")")
                .collect(Collectors.joining(", ", "[", "]"));
        return "Threshold Crossed: " + (outOf ? evidence.size() + " out of the last " + rule.evaluationPeriods() + " datapoints "
                : count(evidence.size(), "datapoint") + " ")
                + numbers + " " + was(evidence.size()) + (verdict.state() == StateValue.ALARM ? " " : " not ") + comparison(rule) + " the threshold ("
                + rule.threshold() + ")"
                + (outOf ? minimum(rule, verdict.state()) : "") + (guessed(rule, verdict) ? " and " + treated(rule, verdict) : "") + ".";
    }

    private static boolean guessed(Rule rule, Verdict.Conclude verdict) {
        return verdict.missing() > 0 && (rule.missing() == Missing.BREACHING || rule.missing() == Missing.NOT_BREACHING);
    }

    private static String treated(Rule rule, Verdict.Conclude verdict) {
        return count(verdict.missing(), "missing datapoint") + " " + was(verdict.missing()) + " treated as [" + (rule.missing() == Missing.BREACHING
                ? "Breaching" : "NonBreaching") + "]";
    }

    private static String minimum(Rule rule, StateValue state) {
        return state == StateValue.ALARM ? " (minimum " + count(rule.datapointsToAlarm(), "datapoint") + " for OK -> ALARM transition)"
                : " (minimum " + count(rule.evaluationPeriods() - rule.datapointsToAlarm() + 1, "datapoint") + " for ALARM -> OK transition)";
    }

    private static String comparison(Rule rule) {
        return switch (rule.comparison()) {
            case GREATER_THAN_OR_EQUAL_TO_THRESHOLD -> "greater than or equal to";
            case GREATER_THAN_THRESHOLD -> "greater than";
            case LESS_THAN_THRESHOLD -> "less than";
            case LESS_THAN_OR_EQUAL_TO_THRESHOLD -> "less than or equal to";
            default -> throw new IllegalStateException("PutMetricAlarm let through the operator " + rule.comparison());
        };
    }

    private static String count(int number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    private static String was(int number) {
        return number == 1 ? "was" : "were";
    }

    private static String data(MetricAlarm alarm, Rule rule, Verdict.Conclude verdict, Instant now) {
        ObjectNode data = JSON.createObjectNode().put("version", "1.0").put("queryDate", STAMP.format(now));
        List<Reading> oldestFirst = verdict.considered().reversed();
        if (!oldestFirst.isEmpty()) {
            data.put("startDate", STAMP.format(oldestFirst.getFirst().start()));
        }
        String statistic = alarm.statistic() != null ? alarm.statisticAsString() : alarm.extendedStatistic();
        if (statistic != null) {
            data.put("statistic", statistic);
        }
        if (alarm.period() != null) {
            data.put("period", alarm.period());
        }
        ArrayNode recent = data.putArray("recentDatapoints");
        oldestFirst.forEach(reading -> recent.add(reading.value()));
        data.put("threshold", rule.threshold());
        ArrayNode evaluated = data.putArray("evaluatedDatapoints");
        verdict.considered().forEach(reading -> {
            ObjectNode point = evaluated.addObject().put("timestamp", STAMP.format(reading.start()));
            if (!Double.isNaN(reading.samples())) {
                point.put("sampleCount", reading.samples());
            }
            point.put("value", reading.value());
        });
        return data.toString();
    }
}
