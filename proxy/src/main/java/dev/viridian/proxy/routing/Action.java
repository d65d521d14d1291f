package dev.viridian.proxy.routing;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What happens to a request.
public sealed interface Action {

    /// The groups this action may send to, whatever their weight.
    default Set<String> groupIds() {
        return Set.of();
    }

    /// One of the groups gets the request, each in proportion to its weight: exact over every short run, not by dice. Weight 0 gets none, though a
    /// sticky client may still return to its group. A chosen group without targets answers 503; so does a forward whose weights are all 0.
    ///
    /// @param stickiness keeps a client with the group it was first sent to
    record Forward(List<WeightedGroup> groups, Optional<CookieStickiness> stickiness) implements Action {

        public record WeightedGroup(String groupId, int weight) {
            public WeightedGroup {
                if (weight < 0) {
                    throw new IllegalArgumentException("weight of " + groupId + " must not be negative, got " + weight);
                }
            }
        }

        public Forward {
            groups = List.copyOf(groups);
            if (groups.isEmpty()) {
                throw new IllegalArgumentException("a forward needs at least one target group");
            }
        }

        public static Forward to(String groupId) {
            return new Forward(List.of(new WeightedGroup(groupId, 1)), Optional.empty());
        }

        public static Forward to(WeightedGroup... groups) {
            return new Forward(List.of(groups), Optional.empty());
        }

        @Override
        public Set<String> groupIds() {
            return groups.stream().map(WeightedGroup::groupId).collect(Collectors.toUnmodifiableSet());
        }
    }

    /// @param cookie          name of the cookie the proxy sets and reads; its value is opaque
    /// @param crossSiteCookie name of its twin with `SameSite=None; Secure`, if one is wanted
    record CookieStickiness(String cookie, Optional<String> crossSiteCookie, Duration duration) {}

    /// `#{protocol}`, `#{host}`, `#{port}`, `#{path}` (without its leading slash) and `#{query}` stand for the request's own parts. The port is
    /// always written.
    ///
    /// @param status 301 or 302
    record Redirect(int status, String protocol, String host, String port, String path, String query) implements Action {}

    /// @param contentType empty: no `Content-Type` is sent
    record FixedResponse(int status, String contentType, String body) implements Action {}
}
