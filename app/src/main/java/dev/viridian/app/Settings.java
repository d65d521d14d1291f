package dev.viridian.app;

import java.nio.file.Path;

/// What a person may choose; everything else follows from it.
///
/// @param data folder of everything that must survive
/// @param address where the APIs listen; loopback unless told otherwise
/// @param port of every API; 0 takes a free one
/// @param pace how many configured seconds pass in one real second
/// @param account the default account, which the root key pair `test`/`test` belongs to
/// @param region of tools that do not name one
/// @param open whether any access key and signature is accepted
/// @param ephemeral whether everything is forgotten at the end, and `POST /_viridian/reset` is offered
public record Settings(Path data, String address, int port, double pace, String account, String region, boolean open, boolean ephemeral) {
    public static final int DEFAULT_PORT = 4566;
    public static final String DEFAULT_ACCOUNT = "000000000000";
    public static final String DEFAULT_REGION = "us-east-1";

    public Settings {
        if (!account.matches("\\d{12}")) {
            throw new IllegalArgumentException("an account has 12 digits, got " + account);
        }
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("a port lies between 0 and 65535, got " + port);
        }
        if (!(pace > 0) || pace > 100_000) {
            throw new IllegalArgumentException("the pace must be above 0 and at most 100000, got " + pace);
        }
    }

    public static Settings in(Path data) {
        return new Settings(data, "127.0.0.1", DEFAULT_PORT, 1, DEFAULT_ACCOUNT, DEFAULT_REGION, false, false);
    }

    public Settings withPort(int other) {
        return new Settings(data, address, other, pace, account, region, open, ephemeral);
    }

    public Settings withPace(double other) {
        return new Settings(data, address, port, other, account, region, open, ephemeral);
    }
}
