package dev.viridian.app.bench;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The few calls that set up our own server, in AWS's query protocol, as a program of a user would make them.
final class Calls implements AutoCloseable {
    /// The server refused; the message is the server's.
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    private final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final URI endpoint;

    Calls(int port) {
        this.endpoint = URI.create("http://127.0.0.1:" + port + "/");
    }

    /// @param parameters names and values in turn
    /// @return the answer's text
    String call(String service, String version, String action, String... parameters) throws Refused {
        StringBuilder form = new StringBuilder("Action=" + action + "&Version=" + version);
        for (int i = 0; i < parameters.length; i += 2) {
            form.append('&').append(parameters[i]).append('=').append(URLEncoder.encode(parameters[i + 1], StandardCharsets.UTF_8));
        }
        return send(service, HttpRequest.newBuilder(endpoint).header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form.toString())));
    }

    /// @param body JSON
    String callJson(String service, String target, String body) throws Refused {
        return send(service, HttpRequest.newBuilder(endpoint).header("Content-Type", "application/x-amz-json-1.1").header("X-Amz-Target", target)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    void createBucket(String name) throws Refused {
        send("s3", HttpRequest.newBuilder(endpoint.resolve("/" + name)).PUT(HttpRequest.BodyPublishers.noBody()));
    }

    /// @param body JSON
    void putBucketPolicy(String bucket, String body) throws Refused {
        send("s3", HttpRequest.newBuilder(endpoint.resolve("/" + bucket + "?policy")).PUT(HttpRequest.BodyPublishers.ofString(body)));
    }

    private String send(String service, HttpRequest.Builder request) throws Refused {
        request.timeout(Duration.ofSeconds(20)).header("Authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/" + service
                + "/aws4_request, SignedHeaders=host, Signature=00");
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() / 100 != 2) {
                throw new Refused(message(response.body()));
            }
            return response.body();
        } catch (IOException e) {
            throw new Failed("our server does not answer: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failed("interrupted");
        }
    }

    private static String message(String body) {
        Matcher matcher = Pattern.compile("<[Mm]essage>(.*?)</[Mm]essage>|\"[Mm]essage\"\\s*:\\s*\"(.*?)\"", Pattern.DOTALL).matcher(body);
        return !matcher.find() ? body.strip() : matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
    }

    /// The text of the first element of that name.
    static String first(String xml, String name) {
        Matcher matcher = Pattern.compile("<" + name + ">(.*?)</" + name + ">", Pattern.DOTALL).matcher(xml);
        if (!matcher.find()) {
            throw new Failed("the answer of our server has no " + name + ": " + xml);
        }
        return matcher.group(1);
    }

    @Override
    public void close() {
        http.close();
    }
}
