package dev.viridian.services.cloudwatch;

import dev.viridian.engine.Decision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoublePredicate;
import software.amazon.awssdk.services.cloudwatch.model.ComparisonOperator;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;

/// What an alarm makes of its datapoints: M breaching ones out of N considered mean ALARM, and missing ones count as the alarm says.
///
/// The range looked at is longer than N, so that a late or missing datapoint need not be guessed while enough real ones are there. A consequence
/// users
/// know from AWS: a sparse metric keeps its alarm in ALARM until its last datapoint has left the whole range.
///
/// Source: CloudWatch user guide, "Configuring how CloudWatch alarms treat missing data", whose two tables are the tests of this class.
@Decision
final class AlarmEvaluation {
    /// How many more periods than N are looked at. AWS does not publish the number; its tables for N = 3 show five.
    static final int EXTRA_PERIODS = 2;

    /// @param start when the period began
    /// @param value the statistic over it
    /// @param samples how many samples it came from; NaN for metric math
    record Reading(Instant start, double value, double samples) {}

    enum Missing {
        BREACHING, NOT_BREACHING, IGNORE, MISSING;

        static Missing of(MetricAlarm alarm) {
            return switch (alarm.treatMissingData() == null ? "missing" : alarm.treatMissingData()) {
                case "breaching" -> BREACHING;
                case "notBreaching" -> NOT_BREACHING;
                case "ignore" -> IGNORE;
                default -> MISSING;
            };
        }
    }

    /// @param evaluationPeriods N, how many datapoints are considered
    /// @param datapointsToAlarm M, how many of them must breach
    record Rule(int evaluationPeriods, int datapointsToAlarm, ComparisonOperator comparison, double threshold, Missing missing) {

        static Rule of(MetricAlarm alarm) {
            int n = alarm.evaluationPeriods();
            return new Rule(n, alarm.datapointsToAlarm() == null ? n : alarm.datapointsToAlarm(), alarm.comparisonOperator(), alarm.threshold(),
                    Missing.of(alarm));
        }

        boolean breaches(double value) {
            DoublePredicate comparison = switch (this.comparison) {
                case GREATER_THAN_OR_EQUAL_TO_THRESHOLD -> number -> number >= threshold;
                case GREATER_THAN_THRESHOLD -> number -> number > threshold;
                case LESS_THAN_THRESHOLD -> number -> number < threshold;
                case LESS_THAN_OR_EQUAL_TO_THRESHOLD -> number -> number <= threshold;
                default -> throw new IllegalStateException("PutMetricAlarm let through the operator " + this.comparison);
            };
            return comparison.test(value);
        }
    }

    sealed interface Verdict {
        /// Nothing can be said that would change the state.
        record Keep() implements Verdict {}

        /// @param considered the readings it rests on, newest first
        /// @param missing how many datapoints had to be guessed
        record Conclude(StateValue state, List<Reading> considered, int missing) implements Verdict {}
    }

    private AlarmEvaluation() {}

    /// @param range the last periods, oldest first, `evaluationPeriods + EXTRA_PERIODS` of them
    static Verdict judge(Rule rule, List<Optional<Reading>> range) {
        List<Reading> real = range.stream().flatMap(Optional::stream).toList().reversed();
        int n = rule.evaluationPeriods();
        if (real.size() >= n) {
            List<Reading> newest = real.subList(0, n);
            return new Verdict.Conclude(breaching(rule, newest) >= rule.datapointsToAlarm() ? StateValue.ALARM : StateValue.OK, newest, 0);
        }
        return guess(rule, range, real, n - real.size());
    }

    private static Verdict guess(Rule rule, List<Optional<Reading>> range, List<Reading> real, int missing) {
        int breaching = breaching(rule, real);
        int needed = rule.datapointsToAlarm();
        return switch (rule.missing()) {
            case BREACHING -> new Verdict.Conclude(breaching + missing >= needed ? StateValue.ALARM : StateValue.OK, real, missing);
            case NOT_BREACHING -> new Verdict.Conclude(breaching >= needed ? StateValue.ALARM : StateValue.OK, real, missing);
            case MISSING, IGNORE -> {
                if (real.isEmpty()) {
                    yield rule.missing() == Missing.IGNORE ? new Verdict.Keep() : new Verdict.Conclude(StateValue.INSUFFICIENT_DATA, real, missing);
                }
                if (breaching >= needed) {
                    yield new Verdict.Conclude(StateValue.ALARM, real, missing);
                }
                if (breaching < real.size()) {
                    yield new Verdict.Conclude(StateValue.OK, real, missing);
                }
                boolean persists = rule.missing() == Missing.MISSING && ageOfOldest(range) >= needed;
                yield persists ? new Verdict.Conclude(StateValue.ALARM, real, missing) : new Verdict.Keep();
            }
        };
    }

    /// Guards against premature alarms: with too few datapoints, all of them breaching, the oldest must be at least M periods old.
    private static int ageOfOldest(List<Optional<Reading>> range) {
        for (int i = 0; i < range.size(); i++) {
            if (range.get(i).isPresent()) {
                return range.size() - i;
            }
        }
        return 0;
    }

    private static int breaching(Rule rule, List<Reading> readings) {
        return (int) readings.stream().filter(reading -> rule.breaches(reading.value())).count();
    }

    /// The readings of a verdict that speak for it: the breaching ones for ALARM, the others for OK.
    static List<Reading> evidence(Rule rule, Verdict.Conclude verdict) {
        List<Reading> evidence = new ArrayList<>(verdict.considered());
        evidence.removeIf(reading -> rule.breaches(reading.value()) != (verdict.state() == StateValue.ALARM));
        return evidence;
    }
}
