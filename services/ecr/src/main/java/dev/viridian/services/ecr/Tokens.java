package dev.viridian.services.ecr;

import dev.viridian.aws.Caller;
import dev.viridian.aws.Ids;
import dev.viridian.aws.Principal;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import dev.viridian.engine.time.Time;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Passwords for docker. Each says who it was given to and until when, under a seal only this server can make; nothing about it is stored but the
/// key.
final class Tokens {
    /// Source: ECR API reference, GetAuthorizationToken.
    static final Duration VALID = Duration.ofHours(12);
    private static final String KEY = "authorization-tokens";
    private static final String SEPARATOR = "\n";

    /// What became of a password.
    sealed interface Checked {
        record Good(Caller caller) implements Checked {}

        record Expired() implements Checked {}

        record Wrong() implements Checked {}
    }

    private final Time time;
    private final SecretKeySpec key;

    Tokens(Store store, Time time) {
        this.time = time;
        Table<String> keys = store.table("ecr.keys", String.class);
        byte[] fresh = new byte[32];
        new SecureRandom().nextBytes(fresh);
        keys.putIfAbsent(KEY, HexFormat.of().formatHex(fresh));
        this.key = new SecretKeySpec(HexFormat.of().parseHex(keys.find(KEY).orElseThrow()), "HmacSHA256");
    }

    String issue(Caller caller, Instant expires) {
        List<String> principal = switch (caller.principal()) {
            case Principal.Root root -> List.of("root", root.account());
            case Principal.User user -> List.of("user", user.account(), user.name(), user.id());
            case Principal.RoleSession role -> List.of("role", role.account(), role.roleName(), role.roleId(), role.session());
            case Principal.Service service -> List.of("service", service.name());
        };
        String text = String.join(SEPARATOR, caller.account(), caller.region(), Long.toString(expires.getEpochSecond()),
                String.join(SEPARATOR, principal));
        String payload = Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        return payload + "." + seal(payload);
    }

    Checked check(String password) {
        int dot = password.indexOf('.');
        if (dot < 0 || !MessageDigest.isEqual(seal(password.substring(0, dot)).getBytes(StandardCharsets.UTF_8), password.substring(dot + 1)
                .getBytes(StandardCharsets.UTF_8))) {
            return new Checked.Wrong();
        }
        String[] parts = new String(Base64.getUrlDecoder().decode(password.substring(0, dot)), StandardCharsets.UTF_8).split(SEPARATOR, -1);
        if (!time.now().isBefore(Instant.ofEpochSecond(Long.parseLong(parts[2])))) {
            return new Checked.Expired();
        }
        return principal(parts).<Checked>map(principal -> new Checked.Good(new Caller(parts[0], parts[1], principal, Ids.uuid())))
                .orElseGet(Checked.Wrong::new);
    }

    private static Optional<Principal> principal(String[] parts) {
        return Optional.ofNullable(switch (parts[3]) {
            case "root" -> new Principal.Root(parts[4]);
            case "user" -> new Principal.User(parts[4], parts[5], parts[6]);
            case "role" -> new Principal.RoleSession(parts[4], parts[5], parts[6], parts[7]);
            case "service" -> new Principal.Service(parts[4]);
            default -> null;
        });
    }

    private String seal(String payload) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal(payload.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }
}
