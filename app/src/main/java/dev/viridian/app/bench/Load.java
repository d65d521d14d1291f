package dev.viridian.app.bench;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a load generator says it has done.
///
/// @param errors answers other than 2xx, and connections that failed
record Load(long requests, double seconds, long errors) {
    private static final Pattern WRK = Pattern.compile("(\\d+) requests in ([\\d.]+)(us|ms|s|m)");
    private static final Pattern WRK_SOCKETS = Pattern.compile("Socket errors: connect (\\d+), read (\\d+), write (\\d+), timeout (\\d+)");
    private static final Pattern WRK_STATUS = Pattern.compile("Non-2xx or 3xx responses: (\\d+)");
    private static final Pattern H2LOAD = Pattern.compile("finished in ([\\d.]+)(us|ms|s|m)");
    private static final Pattern H2LOAD_REQUESTS = Pattern.compile("requests: \\d+ total, \\d+ started, (\\d+) done, (\\d+) succeeded");

    double perSecond() {
        return seconds == 0 ? 0 : requests / seconds;
    }

    /// @throws Failed when this is not what wrk prints
    static Load ofWrk(String output) {
        Matcher main = find(WRK, output, "wrk");
        Matcher sockets = WRK_SOCKETS.matcher(output);
        Matcher status = WRK_STATUS.matcher(output);
        long errors = status.find() ? Long.parseLong(status.group(1)) : 0;
        if (sockets.find()) {
            for (int i = 1; i <= 4; i++) {
                errors += Long.parseLong(sockets.group(i));
            }
        }
        return new Load(Long.parseLong(main.group(1)), seconds(main.group(2), main.group(3)), errors);
    }

    /// @throws Failed when this is not what h2load prints
    static Load ofH2load(String output) {
        Matcher time = find(H2LOAD, output, "h2load");
        Matcher requests = find(H2LOAD_REQUESTS, output, "h2load");
        long done = Long.parseLong(requests.group(1));
        return new Load(done, seconds(time.group(1), time.group(2)), done - Long.parseLong(requests.group(2)));
    }

    private static Matcher find(Pattern pattern, String output, String tool) {
        Matcher matcher = pattern.matcher(output);
        if (!matcher.find()) {
            throw new Failed(tool + " did not report what it has done, but: " + output.strip());
        }
        return matcher;
    }

    private static double seconds(String number, String unit) {
        double value = Double.parseDouble(number);
        return switch (unit.toLowerCase(Locale.ROOT)) {
            case "us" -> value / 1e6;
            case "ms" -> value / 1e3;
            case "m" -> value * 60;
            default -> value;
        };
    }
}
