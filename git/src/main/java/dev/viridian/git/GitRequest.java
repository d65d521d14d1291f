package dev.viridian.git;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Fields;

/// What a git client asks, read off an HTTP request.
///
/// Source: gitprotocol-http, "Smart Clients": one GET on `info/refs` with the service as a parameter, then POSTs on the service.
record GitRequest(Step step, String path) {
    private static final String REFS = "/info/refs";
    private static final String UPLOAD = "/git-upload-pack";
    private static final String RECEIVE = "/git-receive-pack";

    enum Step {
        ADVERTISE_FOR_FETCH(false),
        ADVERTISE_FOR_PUSH(true),
        FETCH(false),
        PUSH(true);

        private final boolean write;

        Step(boolean write) {
            this.write = write;
        }

        boolean writes() {
            return write;
        }
    }

    /// Empty when this is nothing a smart git client would send.
    static Optional<GitRequest> of(Request request) {
        String path = Request.getPathInContext(request);
        return switch (request.getMethod()) {
            case "GET" -> path.endsWith(REFS) ? advertisement(request, repository(path, REFS)) : Optional.empty();
            case "POST" -> path.endsWith(UPLOAD) ? Optional.of(new GitRequest(Step.FETCH, repository(path, UPLOAD)))
                    : path.endsWith(RECEIVE) ? Optional.of(new GitRequest(Step.PUSH, repository(path, RECEIVE))) : Optional.empty();
            default -> Optional.empty();
        };
    }

    static Optional<GitAccess.Credentials> credentials(Request request) {
        String header = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        if (header == null || !header.regionMatches(true, 0, "Basic ", 0, 6)) {
            return Optional.empty();
        }
        String text = decode(header.substring(6).trim());
        int colon = text.indexOf(':');
        return colon < 0 ? Optional.empty() : Optional.of(new GitAccess.Credentials(text.substring(0, colon), text.substring(colon + 1)));
    }

    /// As the client wrote it, for signatures are made over it.
    static String host(Request request) {
        String host = request.getHeaders().get(HttpHeader.HOST);
        return host != null ? host : request.getHttpURI().getAuthority();
    }

    private static Optional<GitRequest> advertisement(Request request, String path) {
        Fields.Field service = Request.extractQueryParameters(request).get("service");
        return switch (service == null ? "" : service.getValue()) {
            case "git-upload-pack" -> Optional.of(new GitRequest(Step.ADVERTISE_FOR_FETCH, path));
            case "git-receive-pack" -> Optional.of(new GitRequest(Step.ADVERTISE_FOR_PUSH, path));
            default -> Optional.empty();
        };
    }

    private static String repository(String path, String suffix) {
        String repository = path.substring(0, path.length() - suffix.length());
        while (repository.endsWith("/")) {
            repository = repository.substring(0, repository.length() - 1);
        }
        return repository;
    }

    private static String decode(String base64) {
        try {
            return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            return "";
        }
    }
}
