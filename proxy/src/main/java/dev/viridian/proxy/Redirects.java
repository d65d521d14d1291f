package dev.viridian.proxy;

import dev.viridian.proxy.http.RequestHead;
import dev.viridian.proxy.routing.Action;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Where a redirect leads: its parts, with the request's own parts filled in.
final class Redirects {
    private final RequestHead head;
    private final ListenerRoute route;
    private final byte[] localAddress;

    /// @param localAddress stands in for a host the client did not name
    Redirects(RequestHead head, ListenerRoute route, byte[] localAddress) {
        this.head = head;
        this.route = route;
        this.localAddress = localAddress;
    }

    /// The port is always written, as the ELB application load balancer does.
    String location(Action.Redirect redirect) {
        String query = fill(redirect.query());
        String path = fill(redirect.path());
        return fill(redirect.protocol()).toLowerCase(Locale.ROOT) + "://" + fill(redirect.host()) + ":" + fill(redirect.port())
                + (path.startsWith("/") ? path : "/" + path) + (query.isEmpty() ? "" : "?" + query);
    }

    private String fill(String template) {
        if (!template.contains("#{")) {
            return template;
        }
        return template.replace("#{protocol}", route.listener().protocol().secure() ? "https" : "http").replace("#{host}", host())
                .replace("#{port}", String.valueOf(route.listener().port())).replace("#{path}", path()).replace("#{query}", query());
    }

    private String host() {
        return head.hostFrom() == head.hostTo() ? text(localAddress, 0, localAddress.length) : text(head.bytes(), head.hostFrom(), head.hostNameTo());
    }

    private String path() {
        String path = text(head.bytes(), head.pathFrom(), head.pathTo());
        return path.startsWith("/") ? path.substring(1) : path;
    }

    private String query() {
        return head.targetTo() > head.pathTo() ? text(head.bytes(), head.pathTo() + 1, head.targetTo()) : "";
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
