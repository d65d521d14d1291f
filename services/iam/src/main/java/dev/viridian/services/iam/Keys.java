package dev.viridian.services.iam;

import dev.viridian.aws.Ids;
import dev.viridian.aws.Principal;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import dev.viridian.services.iam.Identity.Kind;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Access keys and sessions: the only reader of the tables their secrets lie in.
final class Keys {
    static final int MOST_PER_USER = 2;
    /// How long a session that has ended is remembered, so that its holder hears "expired" and not "unknown".
    private static final Duration REMEMBERED = Duration.ofDays(1);
    private static final String FIRST_KEY = "test";
    private static final String FIRST_SECRET = "test";

    private final SecureRandom random = new SecureRandom();
    private final Store store;
    private final Identities identities;
    private final String defaultAccount;
    private final Table<StoredKey> keys;
    private final Table<Session> sessions;

    Keys(Store store, Identities identities, String defaultAccount) {
        this.store = store;
        this.identities = identities;
        this.defaultAccount = defaultAccount;
        this.keys = store.table("iam.access-keys", StoredKey.class);
        this.sessions = store.table("iam.sessions", Session.class);
    }

    /// What stands behind an access key id.
    Optional<KnownKey> find(String id) {
        if (id.equals(FIRST_KEY)) {
            return Optional.of(first(defaultAccount));
        }
        if (id.matches("\\d{12}")) {
            return Optional.of(first(id));
        }
        return keys.find(id).flatMap(this::known).or(() -> sessions.find(id).flatMap(this::known));
    }

    private static KnownKey first(String account) {
        return new KnownKey(FIRST_SECRET, Optional.empty(), new Principal.Root(account), account, Optional.empty(), true);
    }

    private Optional<KnownKey> known(StoredKey key) {
        return principal(key.account(), key.user())
                .map(principal -> new KnownKey(key.secret(), Optional.empty(), principal, key.account(), Optional.empty(), key.active()));
    }

    private Optional<KnownKey> known(Session session) {
        Optional<Principal> principal = session.role().map(role -> (Principal) role.principal())
                .or(() -> principal(session.account(), session.user()));
        return principal.map(p -> new KnownKey(session.secret(), Optional.of(session.token()), p, session.account(), Optional.of(session.expires()),
                true));
    }

    /// Looked up afresh each time: users may be renamed and deleted.
    private Optional<Principal> principal(String account, Optional<String> user) {
        if (user.isEmpty()) {
            return Optional.of(new Principal.Root(account));
        }
        return identities.list(account, Kind.USER).stream().filter(found -> found.id().equals(user.get())).findFirst()
                .map(found -> new Principal.User(account, found.name(), found.id()));
    }

    /// @param user its unique id, or empty for root
    StoredKey create(String account, Optional<String> user) {
        return store.transact(() -> {
            if (of(account, user).size() >= MOST_PER_USER) {
                throw IamErrors.limitExceeded("Cannot exceed quota for AccessKeysPerUser: " + MOST_PER_USER);
            }
            StoredKey key = new StoredKey("AKIA" + Ids.base32(16), secret(30), account, user, true, identities.now());
            keys.put(key.id(), key);
            return key;
        });
    }

    /// In the order of their making.
    List<StoredKey> of(String account, Optional<String> user) {
        return keys.list().stream().filter(key -> key.account().equals(account) && key.user().equals(user))
                .sorted(Comparator.comparing(StoredKey::created).thenComparing(StoredKey::id)).toList();
    }

    void change(String account, Optional<String> user, String id, boolean active) {
        store.transact(() -> keys.put(id, mine(account, user, id).with(active)));
    }

    void delete(String account, Optional<String> user, String id) {
        store.transact(() -> keys.delete(mine(account, user, id).id()));
    }

    private StoredKey mine(String account, Optional<String> user, String id) {
        return keys.find(id).filter(key -> key.account().equals(account) && key.user().equals(user))
                .orElseThrow(() -> IamErrors.noSuchEntity("The Access Key with id " + id + " cannot be found."));
    }

    /// In which account a key is, whoever asks.
    Optional<String> account(String id) {
        return find(id).map(KnownKey::account);
    }

    Session begin(String account, Optional<Session.AsRole> role, Optional<String> user, Duration length, List<String> policies,
            List<String> policyArns,
            Map<String, String> tags) {
        Instant now = identities.now();
        Session session = new Session("ASIA" + Ids.base32(16), secret(30), secret(180), account, role, user, now, now.plus(length), policies,
                policyArns, tags);
        store.transact(() -> {
            forgetEnded(now);
            sessions.put(session.id(), session);
        });
        return session;
    }

    Optional<Session> session(String id) {
        return sessions.find(id);
    }

    private void forgetEnded(Instant now) {
        sessions.list().stream().filter(session -> session.expires().plus(REMEMBERED).isBefore(now))
                .forEach(session -> sessions.delete(session.id()));
    }

    /// Base64 without padding; 30 bytes make the 40 characters of a secret access key.
    String secret(int bytes) {
        byte[] secret = new byte[bytes];
        random.nextBytes(secret);
        return Base64.getEncoder().withoutPadding().encodeToString(secret);
    }
}
