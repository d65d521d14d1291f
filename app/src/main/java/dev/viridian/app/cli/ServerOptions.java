package dev.viridian.app.cli;

import dev.viridian.app.Settings;
import dev.viridian.app.cli.Main.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What `up` lets one choose, on the command line or in `viridian.properties` in the data folder; the command line wins. A key nobody knows is an error.
final class ServerOptions {
    private static final String FILE = "viridian.properties";
    private static final Set<String> KEYS = Set.of("port", "address", "pace", "auth", "account", "region");

    @Option(names = "--port", paramLabel = "PORT", description = "Port of every API (default: 4566; 0 takes a free one).")
    private @Nullable Integer port;

    @Option(names = "--address", paramLabel = "ADDRESS", description = "Where the APIs listen (default: 127.0.0.1; anything else is reachable by others).")
    private @Nullable String address;

    @Option(names = "--pace", paramLabel = "N", description = "Let waits configured in AWS terms pass N times faster (default: 1, real time).")
    private @Nullable Double pace;

    @Option(names = "--auth", paramLabel = "MODE", description = "verify (default) or open: accept any access key and signature.")
    private @Nullable String auth;

    @Option(names = "--account", paramLabel = "ID", description = "Default account, 12 digits (default: 000000000000).")
    private @Nullable String account;

    @Option(names = "--region", paramLabel = "REGION", description = "Region of tools that name none (default: us-east-1).")
    private @Nullable String region;

    Settings settings(Path data, boolean ephemeral) {
        Properties file = read(data.resolve(FILE));
        Settings defaults = Settings.in(data);
        String mode = choose(auth, file, "auth", Function.identity(), "verify");
        if (!mode.equals("verify") && !mode.equals("open")) {
            throw new Problem("auth is 'verify' or 'open', not '" + mode + "'");
        }
        try {
            return new Settings(data,
                    choose(address, file, "address", Function.identity(), defaults.address()),
                    choose(port, file, "port", Integer::valueOf, defaults.port()),
                    choose(pace, file, "pace", Double::valueOf, defaults.pace()),
                    choose(account, file, "account", Function.identity(), defaults.account()),
                    choose(region, file, "region", Function.identity(), defaults.region()),
                    mode.equals("open"),
                    ephemeral);
        } catch (IllegalArgumentException e) {
            throw new Problem(e.getMessage());
        }
    }

    private static <T> T choose(@Nullable T given, Properties file, String key, Function<String, T> parse, T otherwise) {
        if (given != null) {
            return given;
        }
        String text = file.getProperty(key);
        if (text == null) {
            return otherwise;
        }
        try {
            return parse.apply(text.strip());
        } catch (NumberFormatException e) {
            throw new Problem(FILE + ": " + key + " must be a number, found '" + text + "'");
        }
    }

    private static Properties read(Path file) {
        Properties properties = new Properties();
        if (Files.exists(file)) {
            try (var in = Files.newBufferedReader(file)) {
                properties.load(in);
            } catch (IOException e) {
                throw new Problem("could not read " + file + ": " + e.getMessage());
            }
        }
        for (String key : properties.stringPropertyNames()) {
            if (!KEYS.contains(key)) {
                throw new Problem(file + " has the unknown key '" + key + "'; known are " + String.join(", ", new TreeSet<>(KEYS)));
            }
        }
        return properties;
    }
}
