package dev.viridian.app.internal;

import dev.viridian.services.elbv2.Observed;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import tools.jackson.databind.json.JsonMapper;

/// `/_viridian/status`, `/_viridian/load-balancers` (for `viridian lb top`), `/_viridian/metrics` (for Prometheus), `/_viridian/ca.pem`, `/_viridian/reset`
/// (only when everything is ephemeral), and `/_localstack/health` for tools that ask for it.
public final class Internals extends Handler.Abstract {
    private static final String OURS = "/_viridian/";

    /// Forgets everything.
    @FunctionalInterface
    public interface Reset {
        void run();
    }

    private final Supplier<Status> status;
    private final Supplier<Observed> loadBalancers;
    private final String caPem;
    private final Optional<Reset> reset;
    private final JsonMapper json = JsonMapper.builder().build();

    public Internals(Supplier<Status> status, Supplier<Observed> loadBalancers, String caPem, Optional<Reset> reset) {
        this.status = status;
        this.loadBalancers = loadBalancers;
        this.caPem = caPem;
        this.reset = reset;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        String path = Request.getPathInContext(request);
        if (path.equals("/_localstack/health")) {
            answer(response, callback, HttpStatus.OK_200, Map.of("services", status.get().serviceStates(), "edition", "viridian", "version", status.get().version()));
            return true;
        }
        if (!path.startsWith(OURS)) {
            return false;
        }
        switch (path.substring(OURS.length())) {
            case "status", "health" -> answer(response, callback, HttpStatus.OK_200, status.get());
            case "load-balancers" -> answer(response, callback, HttpStatus.OK_200, loadBalancers.get());
            case "metrics" -> text(response, callback, MetricsPage.CONTENT_TYPE, MetricsPage.of(loadBalancers.get(), status.get().version()));
            case "ca.pem" -> text(response, callback, "application/x-pem-file; charset=" + StandardCharsets.US_ASCII, caPem);
            case "reset" -> reset(request, response, callback);
            default -> answer(response, callback, HttpStatus.NOT_FOUND_404, Map.of("message", "there is nothing at " + path));
        }
        return true;
    }


    private void reset(Request request, Response response, Callback callback) {
        if (!request.getMethod().equals("POST")) {
            answer(response, callback, HttpStatus.METHOD_NOT_ALLOWED_405, Map.of("message", "reset is a POST"));
        } else if (reset.isEmpty()) {
            answer(response, callback, HttpStatus.FORBIDDEN_403,
                    Map.of("message", "this server keeps its data; start one with 'viridian up --ephemeral' to be able to reset it"));
        } else {
            reset.get().run();
            answer(response, callback, HttpStatus.OK_200, Map.of("status", "reset"));
        }
    }

    private void answer(Response response, Callback callback, int code, Object body) {
        response.setStatus(code);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        Content.Sink.write(response, true, json.writeValueAsString(body) + "\n", callback);
    }

    private static void text(Response response, Callback callback, String type, String body) {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        Content.Sink.write(response, true, body, callback);
    }
}
