package dev.viridian.app.bench;

import dev.viridian.app.bench.Workload.Door;

/// Where a contender listens.
record Ports(int http, int logged, int https, int tcp) {
    static Ports free() {
        return new Ports(Children.freePort(), Children.freePort(), Children.freePort(), Children.freePort());
    }

    int of(Door door) {
        return switch (door) {
            case HTTP -> http;
            case HTTP_LOGGED -> logged;
            case HTTPS -> https;
            case TCP -> tcp;
        };
    }
}
