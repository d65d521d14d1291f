/// CloudWatch metrics and alarms: what is put is kept (rolled up with age), and alarms judge it minute by minute whether or not anybody looks.
///
/// Three nouns: [Metrics] (datapoints by metric, in four tiers of resolution), [AlarmEvaluation] (the pure rule that turns a window of datapoints
/// into a
/// state, with AWS's treatment of missing data), [Alarms] (the alarms, their state and its history). A state change is a row in
/// `cloudwatch.alarm-changes`.
///
/// Different from AWS: configured durations follow the pace of [dev.viridian.engine.time.Time], so at pace 60 an alarm period of 300 s is 5 real
/// seconds;
/// at pace 1 nothing differs. Queries speak real time always. Dashboards, anomaly detection, metric streams and insight rules are not there.
///
/// @see <a href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html">Using CloudWatch alarms</a>
@NullMarked
package dev.viridian.services.cloudwatch;

import org.jspecify.annotations.NullMarked;
