package dev.viridian.app.links;

import dev.viridian.engine.time.Time;
import dev.viridian.services.codecommit.GitAuthority;
import dev.viridian.services.iam.Iam;
import dev.viridian.wire.auth.AccessKeys;
import dev.viridian.wire.auth.Credential;
import dev.viridian.wire.auth.GitPassword;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Git logins: IAM's service-specific credentials, or an access key id with a signature of `aws codecommit credential-helper` or git-remote-codecommit.
public final class GitLogins implements GitAuthority {
    private final Iam iam;
    private final AccessKeys keys;
    private final Time time;
    private final boolean open;

    /// @param open whether any login is taken for the default account's
    public GitLogins(Iam iam, AccessKeys keys, Time time, boolean open) {
        this.iam = iam;
        this.keys = keys;
        this.time = time;
        this.open = open;
    }

    @Override
    public Optional<Identity> identify(Login login) {
        if (GitPassword.looksLikeOne(login.password())) {
            return signed(login);
        }
        Optional<Identity> known = iam.gitLogin(login.user(), login.password()).map(found -> new Identity(found.account(), Optional.empty(), found.principal()));
        return known.isPresent() || !open ? known : anyone(login);
    }

    private Optional<Identity> signed(Login login) {
        int percent = login.user().indexOf('%');
        String id = percent < 0 ? login.user() : login.user().substring(0, percent);
        Optional<String> token = percent < 0 ? Optional.empty() : Optional.of(login.user().substring(percent + 1));
        Instant now = time.now();
        Optional<Identity> known = keys.find(id)
                .filter(key -> key.sessionToken().equals(token))
                .filter(key -> key.expires().map(now::isBefore).orElse(true))
                .flatMap(key -> verified(login, key, now));
        return known.isPresent() || !open ? known : anyone(login);
    }

    /// Which region was meant is only known by trying: the tools take it from the host they think they talk to.
    private static Optional<Identity> verified(Login login, Credential key, Instant now) {
        String plainHost = login.host().replaceFirst(":\\d+$", "");
        return login.regions().stream()
                .filter(region -> GitPassword.verify(login.password(), key.secret(), List.of(region), hosts(login.host(), plainHost, region), login.path(), now)
                        == GitPassword.Verdict.VALID)
                .findFirst()
                .map(region -> new Identity(key.account(), Optional.of(region), key.principal()));
    }

    private static List<String> hosts(String host, String plainHost, String region) {
        return List.of(host, plainHost, "git-codecommit." + region + ".amazonaws.com");
    }

    private Optional<Identity> anyone(Login login) {
        return keys.find("test").map(key -> new Identity(key.account(), Optional.empty(), key.principal()));
    }
}
