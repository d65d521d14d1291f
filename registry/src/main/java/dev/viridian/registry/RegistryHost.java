package dev.viridian.registry;

import dev.viridian.registry.RegistryAccess.Action;
import dev.viridian.registry.RegistryAccess.Attempt;
import dev.viridian.registry.RegistryAccess.Credentials;
import dev.viridian.registry.RegistryAccess.Decision;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Serves a [Registry] over the OCI distribution protocol, version 1.1, which is Docker's registry protocol version 2. Requests outside of `/v2/` are
/// left to the next handler. Handlers block, so the server should run them on virtual threads.
///
/// Links in answers are relative to the host, so it works behind any name a client uses.
///
/// @see <a href="https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md">OCI distribution specification</a>
public final class RegistryHost extends Handler.Abstract {
    private static final Logger LOG = LoggerFactory.getLogger(RegistryHost.class);
    private static final long SMALL = 1 << 20;
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern UPLOADS = Pattern.compile("/v2/(?<name>.+)/blobs/uploads/(?<rest>[^/]*)");
    private static final Pattern OTHERS = Pattern.compile("/v2/(?<name>.+)/(?<kind>manifests|blobs|tags|referrers)/(?<rest>[^/]+)");

    private final RegistryAccess access;
    private final BlobRequests blobs;
    private final ManifestRequests manifests;

    public RegistryHost(Registry registry, RegistryAccess access) {
        this.access = access;
        this.blobs = new BlobRequests(registry, this::mayRead);
        this.manifests = new ManifestRequests(registry);
    }

    /// Whether this is a request for a registry, for an assembly that chooses handlers itself.
    public static boolean isFor(Request request) {
        String path = Request.getPathInContext(request);
        return path.equals("/v2") || path.startsWith("/v2/");
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        if (!isFor(request) || !access.serves(host(request))) {
            return false;
        }
        response.getHeaders().put("Docker-Distribution-Api-Version", "registry/2.0");
        try {
            route(request, response, Request.getPathInContext(request));
            readRest(request);
            callback.succeeded();
        } catch (RegistryException e) {
            readRest(request);
            refuse(request, response, e, callback);
        } catch (IOException e) {
            LOG.debug("The client went away during {} {}: {}", request.getMethod(), request.getHttpURI().getPath(), e.toString());
            callback.failed(e);
        } catch (RuntimeException e) {
            LOG.error("{} {} failed; the client is told so and may try again", request.getMethod(), request.getHttpURI().getPath(), e);
            refuse(request, response, new RegistryException(500, "UNKNOWN", "internal error"), callback);
        }
        return true;
    }

    private void route(Request request, Response response, String path) throws IOException {
        if (path.equals("/v2") || path.equals("/v2/")) {
            admit(request, response, Optional.empty(), Optional.empty());
            response.setStatus(200);
            Exchange ping = new Exchange(request, response, "", new ImageName("none", "none"), "");
            ping.send("application/json", "{}".getBytes(StandardCharsets.UTF_8));
            return;
        }
        Matcher uploads = UPLOADS.matcher(path);
        Matcher others = OTHERS.matcher(path);
        if (uploads.matches()) {
            blobs.upload(exchange(request, response, uploads.group("name"), BlobRequests.uploadAction(request.getMethod())), uploads.group("rest"));
        } else if (others.matches()) {
            String rest = others.group("rest");
            Action action = action(others.group("kind"), request.getMethod());
            Exchange exchange = exchange(request, response, others.group("name"), action);
            switch (others.group("kind")) {
                case "blobs" -> blobs.read(exchange, rest);
                case "manifests" -> manifests.manifest(exchange, rest);
                case "tags" -> manifests.tags(exchange, rest);
                default -> manifests.referrers(exchange, rest);
            }
        } else {
            throw new RegistryException(404, "UNSUPPORTED", "There is nothing at " + path);
        }
    }

    private static Action action(String kind, String method) {
        return switch (kind + " " + method) {
            case "blobs HEAD" -> Action.CHECK_LAYER;
            case "blobs GET" -> Action.READ_LAYER;
            case "manifests HEAD", "manifests GET", "referrers GET" -> Action.READ_MANIFEST;
            case "manifests PUT" -> Action.WRITE_MANIFEST;
            case "manifests DELETE" -> Action.DELETE_MANIFEST;
            case "tags GET" -> Action.LIST_TAGS;
            default -> throw RegistryException.unsupported("The operation is unsupported.");
        };
    }

    private Exchange exchange(Request request, Response response, String path, Action action) {
        ImageName name = access.locate(host(request), path)
                .orElseThrow(() -> new RegistryException(404, "NAME_INVALID", "'" + path + "' is not the name of a repository here"));
        return new Exchange(request, response, path, name, admit(request, response, Optional.of(action), Optional.of(name)));
    }

    private String admit(Request request, Response response, Optional<Action> action, Optional<ImageName> name) {
        return switch (access.admit(new Attempt(host(request), action, name, credentials(request)))) {
            case Decision.Admitted(String principal) -> principal;
            case Decision.Unauthenticated(String challenge) -> {
                response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, challenge);
                throw new RegistryException(401, "UNAUTHORIZED", "Not Authorized");
            }
            case Decision.Refused(RegistryException reason) -> throw reason;
        };
    }

    /// For mounts: the repository a client names as the source, if it may read there.
    private Optional<ImageName> mayRead(Exchange exchange, String path) {
        return access.locate(host(exchange.request()), path)
                .filter(name -> access.admit(new Attempt(host(exchange.request()), Optional.of(Action.READ_LAYER),
                Optional.of(name), credentials(exchange.request()))) instanceof Decision.Admitted);
    }

    private static String host(Request request) {
        String host = request.getHeaders().get(HttpHeader.HOST);
        return host != null ? host : request.getHttpURI().getAuthority();
    }

    private static Optional<Credentials> credentials(Request request) {
        String header = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        if (header == null || !header.regionMatches(true, 0, "Basic ", 0, 6)) {
            return Optional.empty();
        }
        try {
            String text = new String(Base64.getDecoder().decode(header.substring(6).trim()), StandardCharsets.UTF_8);
            int colon = text.indexOf(':');
            return colon < 0 ? Optional.empty() : Optional.of(new Credentials(text.substring(0, colon), text.substring(colon + 1)));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// A connection can be used again only when the request was read to its end. For a large one it is better closed.
    private static void readRest(Request request) {
        long length = request.getLength();
        if (length > 0 && length <= SMALL) {
            try {
                Content.Source.asInputStream(request).skipNBytes(length);
            } catch (IOException _) {
                // it was read already, or the client is gone: either way nothing is left
                return;
            }
        }
    }

    private static void refuse(Request request, Response response, RegistryException e, Callback callback) {
        if (response.isCommitted()) {
            callback.failed(e);
            return;
        }
        ObjectNode body = JSON.createObjectNode();
        body.putArray("errors").addObject().put("code", e.code()).put("message", e.getMessage());
        byte[] bytes = JSON.writeValueAsBytes(body);
        response.setStatus(e.status());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json; charset=utf-8");
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.length);
        Content.Sink.write(response, true, request.getMethod().equals("HEAD") ? "" : new String(bytes, StandardCharsets.UTF_8), callback);
    }
}
