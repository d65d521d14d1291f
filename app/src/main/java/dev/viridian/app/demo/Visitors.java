package dev.viridian.app.demo;

import dev.viridian.engine.time.Time;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// People who load the page all the time, each on a kept-alive connection, and remember what they got.
final class Visitors implements AutoCloseable {
    private static final int PEOPLE = 8;
    private static final Duration BETWEEN_VISITS = Duration.ofMillis(25);

    /// What came back so far.
    ///
    /// @param errors answers 500 and above: answers of a bad version, not lost ones
    /// @param lost requests that got no answer, a wrong one, or one the balancer had to make up (502, 503, 504)
    record Tally(long blue, long green, long errors, long lost) {
        Tally since(Tally earlier) {
            return new Tally(blue - earlier.blue, green - earlier.green, errors - earlier.errors, lost - earlier.lost);
        }

        long sent() {
            return blue + green + errors + lost;
        }
    }

    private final Time time;
    private final URI page;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(5)).build();
    private final AtomicLong blue = new AtomicLong();
    private final AtomicLong green = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private volatile String firstLoss = "";
    private volatile boolean gone;

    Visitors(Time time, URI page) {
        this.time = time;
        this.page = page;
    }

    void come() {
        for (int i = 0; i < PEOPLE; i++) {
            comeAgain();
        }
    }

    private void comeAgain() {
        if (!gone) {
            time.at(time.now().plus(BETWEEN_VISITS), this::visit);
        }
    }

    private void visit() {
        try {
            HttpResponse<String> answer = http.send(HttpRequest.newBuilder(page).timeout(Duration.ofSeconds(10)).build(), HttpResponse.BodyHandlers.ofString());
            count(answer.statusCode(), answer.body());
        } catch (IOException e) {
            lose(e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        comeAgain();
    }

    private void count(int status, String body) {
        if (status == 200 && body.contains("background-color: blue")) {
            blue.incrementAndGet();
        } else if (status == 200 && body.contains("background-color: green")) {
            green.incrementAndGet();
        } else if (status == 500) {
            errors.incrementAndGet();
        } else {
            lose("answer " + status + ": " + body.strip().lines().findFirst().orElse(""));
        }
    }

    private void lose(String why) {
        if (!gone && lost.incrementAndGet() == 1) {
            firstLoss = why;
        }
    }

    Tally tally() {
        return new Tally(blue.get(), green.get(), errors.get(), lost.get());
    }

    /// What became of the first request that was lost; empty when none was.
    String firstLoss() {
        return firstLoss;
    }

    @Override
    public void close() {
        gone = true;
        http.close();
    }
}
