package dev.viridian.proxy.routing;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Where clients connect, and what happens to what they send.
///
/// Several listeners may name the same address and port, as several load balancers on one machine do: each request then goes to the one that names
/// its `Host` in `hostNames`, else to the first of them. A listener that is alone on its port takes everything. Sharing is for HTTP and HTTPS only.
///
/// @param addresses     IP addresses to bind, such as `127.0.0.1` or `0.0.0.0`; one socket each
/// @param port          wanted port; `X-Forwarded-Port` and redirects always speak of this one, even when a substitute had to be bound. 0 binds any
///                      free port
/// @param hostNames     names (without port, any case) this listener answers to where ports are shared
/// @param rules         tried by ascending priority; the first whose conditions all hold decides
/// @param defaultAction for what no rule wants
/// @param tls           present exactly for HTTPS and TLS
public record Listener(String id, Protocol protocol, List<String> addresses, int port, List<String> hostNames, List<Rule> rules, Action defaultAction,
                       ListenerSettings settings, Optional<TlsIdentity> tls) {

    /// What clients speak. TCP and TLS are passed through unread: only a forward makes sense as their default action, and rules are ignored.
    public enum Protocol {
        HTTP, HTTPS, TCP, TLS;

        public boolean secure() {
            return this == HTTPS || this == TLS;
        }

        /// Whether requests are read, rather than bytes passed through.
        public boolean readsRequests() {
            return this == HTTP || this == HTTPS;
        }
    }

    public Listener {
        addresses = List.copyOf(addresses);
        hostNames = List.copyOf(hostNames);
        rules = rules.stream().sorted(Comparator.comparingInt(Rule::priority)).toList();
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("listener " + id + " has no address to bind");
        }
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("listener " + id + " cannot listen on port " + port);
        }
        if (protocol.secure() != tls.isPresent()) {
            throw new IllegalArgumentException("listener " + id + " speaks " + protocol
                    + (tls.isPresent() ? " and takes no certificate" : " and needs a certificate"));
        }
        if (!protocol.readsRequests() && !(defaultAction instanceof Action.Forward)) {
            throw new IllegalArgumentException("listener " + id + " speaks " + protocol + " and can only forward");
        }
    }

    /// A plain HTTP listener without rules.
    public static Listener http(String id, String address, int port, Action defaultAction) {
        return new Listener(id, Protocol.HTTP, List.of(address), port, List.of(), List.of(), defaultAction, ListenerSettings.DEFAULT,
                Optional.empty());
    }

    public Listener withRules(Rule... rules) {
        return new Listener(id, protocol, addresses, port, hostNames, List.of(rules), defaultAction, settings, tls);
    }

    public Listener withHostNames(String... hostNames) {
        return new Listener(id, protocol, addresses, port, List.of(hostNames), rules, defaultAction, settings, tls);
    }

    public Listener withSettings(ListenerSettings settings) {
        return new Listener(id, protocol, addresses, port, hostNames, rules, defaultAction, settings, tls);
    }

    /// Every group that a rule or the default action names, also with weight 0.
    public Set<String> groupIds() {
        Set<String> ids = new LinkedHashSet<>(defaultAction.groupIds());
        rules.forEach(rule -> ids.addAll(rule.action().groupIds()));
        return ids;
    }
}
