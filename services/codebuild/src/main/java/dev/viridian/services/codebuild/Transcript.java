package dev.viridian.services.codebuild;

import dev.viridian.container.LogLine;
import dev.viridian.services.codebuild.BuildLifecycle.Ending;
import dev.viridian.services.codebuild.BuildLog.Line;
import dev.viridian.services.codebuild.Plan.OnFailure;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.codebuild.model.BuildPhaseType;
import software.amazon.awssdk.services.codebuild.model.StatusType;

/// Reads what the driver and its commands wrote: output becomes log lines, marked lines move the build.
///
/// Pure: the same run and lines give the same result, so a step that was lost in a crash can be made again.
final class Transcript {
    private final List<Line> log = new ArrayList<>();
    private BuildRun run;

    private Transcript(BuildRun run) {
        this.run = run;
    }

    /// @param run as it is after these lines
    /// @param log what they look like in CloudWatch Logs
    record Reading(BuildRun run, List<Line> log) {}

    static Reading read(BuildRun run, List<LogLine> lines) {
        Transcript transcript = new Transcript(run);
        for (LogLine line : lines) {
            transcript.take(line);
        }
        return new Reading(transcript.run, transcript.log);
    }

    private void take(LogLine line) {
        // output without a line end stands before the mark in the same line
        int mark = line.text().indexOf('\u001e' + run.mark() + " ");
        String output = mark < 0 ? line.text() : line.text().substring(0, mark);
        if (mark != 0) {
            log.add(new Line(line.at(), output));
        }
        if (mark >= 0) {
            String said = line.text().substring(mark + run.mark().length() + 2);
            if (fits(said)) {
                told(line.at(), said.split(" ", -1));
            }
        }
        run = run.readTo(line.at());
    }

    /// Commands run as root and could forge the driver's lines. All they gain is a build that lies about itself, but none that gets stuck: what does
    /// not fit the phase the build is in is not listened to.
    private boolean fits(String said) {
        return switch (said.split(" ", 2)[0]) {
            case "BEGIN", "END" -> said.matches("(BEGIN|END) " + run.phase() + "( [01])?") && BuildLifecycle.hasCommands(run.phase());
            case "COMMAND", "EXIT" -> said.matches("(COMMAND|EXIT) " + run.phase() + " (commands|finally) \\d{5}( \\d+)?")
                    && isPlanned(said.split(" "));
            case "VALUE" -> said.matches("VALUE [A-Za-z_][A-Za-z0-9_]* ([0-9a-f]{2})*");
            default -> false;
        };
    }

    private boolean isPlanned(String[] words) {
        Optional<Plan.Phase> phase = run.plan().flatMap(plan -> plan.phase(run.phase()));
        List<String> list = phase.map(known -> words[2].equals("finally") ? known.last() : known.commands()).orElse(List.of());
        return Integer.parseInt(words[3]) < list.size() && (words[0].equals("COMMAND") || words.length == 5);
    }

    private void told(Instant at, String[] words) {
        switch (words[0]) {
            case "BEGIN" -> say(at, "Entering phase " + words[1]);
            case "COMMAND" -> say(at, "Running command " + command(words));
            case "EXIT" -> exit(at, words);
            case "VALUE" -> run = run.exporting(words[1], new String(HexFormat.of().parseHex(words[2]), StandardCharsets.UTF_8));
            case "END" -> end(at, BuildPhaseType.fromValue(words[1]), words[2].equals("1"));
            default -> { }
        }
    }

    private void exit(Instant at, String[] words) {
        if (words[4].equals("0")) {
            return;
        }
        String command = command(words);
        say(at, "Command did not exit successfully " + command + " exit status " + words[4]);
        if (run.failure().isEmpty()) {
            run = run.failing(Optional.of("Error while executing command: " + command + ". Reason: exit status " + words[4]));
        }
    }

    private void end(Instant at, BuildPhaseType phase, boolean failed) {
        String message = run.failure().orElse("");
        String code = failed ? "COMMAND_EXECUTION_ERROR" : "";
        say(at, "Phase complete: " + phase + " State: " + (failed ? "FAILED" : "SUCCEEDED"));
        say(at, "Phase context status code: " + code + " Message: " + message);
        run = failed ? run.end(ending(phase), StatusType.FAILED, code, message, at) : run.succeed(at);
    }

    private Ending ending(BuildPhaseType phase) {
        Optional<OnFailure> choice = run.plan().flatMap(plan -> plan.phase(phase)).flatMap(Plan.Phase::onFailure);
        return choice.map(chosen -> chosen == OnFailure.ABORT ? Ending.ABORTED : Ending.FAILED_BUT_CONTINUED).orElse(Ending.FAILED);
    }

    /// As it stands in the buildspec, variables not expanded.
    private String command(String[] words) {
        Plan.Phase phase = run.plan().flatMap(plan -> plan.phase(BuildPhaseType.fromValue(words[1]))).orElseThrow();
        List<String> list = words[2].equals("finally") ? phase.last() : phase.commands();
        return list.get(Integer.parseInt(words[3])).stripTrailing();
    }

    private void say(Instant at, String text) {
        log.add(Line.container(at, text));
    }
}
