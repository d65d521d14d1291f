package dev.viridian.app.links;

import dev.viridian.services.iam.Iam;
import dev.viridian.services.iam.KnownKey;
import dev.viridian.wire.auth.AccessKeys;
import dev.viridian.wire.auth.Credential;
import java.util.Optional;

/// The access keys IAM knows, for whoever verifies signatures.
public final class KeysOfIam implements AccessKeys {
    private final Iam iam;

    public KeysOfIam(Iam iam) {
        this.iam = iam;
    }

    @Override
    public Optional<Credential> find(String accessKeyId) {
        return iam.accessKey(accessKeyId)
                .filter(KnownKey::active)
                .map(key -> new Credential(key.secret(), key.sessionToken(), key.principal(), key.account(), key.expires()));
    }
}
