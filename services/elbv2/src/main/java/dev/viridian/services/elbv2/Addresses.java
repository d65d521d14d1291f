package dev.viridian.services.elbv2;

import java.net.InetAddress;

/// IP addresses as text.
final class Addresses {
    private Addresses() {}

    /// Whether this is an IPv4 or IPv6 address, not a name; never asks a resolver.
    static boolean isLiteral(String text) {
        try {
            InetAddress.ofLiteral(text);
            return text.contains(":") || text.chars().filter(c -> c == '.').count() == 3;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
