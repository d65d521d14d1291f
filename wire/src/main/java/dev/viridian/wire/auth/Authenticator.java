package dev.viridian.wire.auth;

import dev.viridian.aws.Principal;
import dev.viridian.engine.time.Time;
import dev.viridian.wire.Incoming;
import dev.viridian.wire.auth.AuthFailure.Reason;
import dev.viridian.wire.auth.Identity.ChunkSeed;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/// Decides whose request this is.
///
/// In *open* mode any key and signature are accepted: a key IAM knows stands for its owner, an access key id of twelve digits for the root of that
/// account, everything else for the root of the default account. In *verify* mode the signature must be right.
public final class Authenticator {
    private static final Pattern ACCOUNT = Pattern.compile("\\d{12}");
    private static final Duration SKEW = Duration.ofMinutes(5);
    private static final Duration SKEW_OF_S3 = Duration.ofMinutes(15);
    private static final long WEEK = 604_800;
    private static final String UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD";

    private final AccessKeys keys;
    private final Time time;
    private final boolean open;
    private final String defaultAccount;
    private final String defaultRegion;

    public Authenticator(AccessKeys keys, Time time, boolean open, String defaultAccount, String defaultRegion) {
        this.keys = keys;
        this.time = time;
        this.open = open;
        this.defaultAccount = defaultAccount;
        this.defaultRegion = defaultRegion;
    }

    /// A body's SHA-256 in hexadecimal, computed only when it is needed.
    public interface BodyHash {
        String hex();
    }

    /// @throws AuthFailure when nobody can be held responsible for this request
    public Identity identify(Incoming request, BodyHash body) {
        return open ? believed(request) : verified(request, body);
    }

    private Identity believed(Incoming request) {
        Optional<Claim> claim = readable(request);
        String region = claim.map(known -> known.scope().region()).orElse(defaultRegion);
        Optional<Credential> credential = claim.flatMap(known -> keys.find(known.accessKeyId()));
        if (credential.isPresent()) {
            return new Identity(credential.get().principal(), credential.get().account(), region, Optional.empty());
        }
        String account = claim.map(Claim::accessKeyId).filter(id -> ACCOUNT.matcher(id).matches()).orElse(defaultAccount);
        return new Identity(new Principal.Root(account), account, region, Optional.empty());
    }

    private static Optional<Claim> readable(Incoming request) {
        try {
            return Claim.of(request);
        } catch (AuthFailure e) {
            return Optional.empty(); // open mode: an unreadable signature counts as none
        }
    }

    private Identity verified(Incoming request, BodyHash body) {
        Claim claim = Claim.of(request).orElseThrow(() -> new AuthFailure(Reason.UNSIGNED, "Request is missing Authentication Token"));
        Credential credential = keys.find(claim.accessKeyId())
                .orElseThrow(() -> new AuthFailure(Reason.UNKNOWN_KEY, "The security token included in the request is invalid."));
        checkTime(claim);
        checkToken(claim, credential);
        byte[] key = SigV4.signingKey(credential.secret(), claim.scope());
        checkSignature(request, claim, key, payloadHash(request, claim, body));
        return new Identity(credential.principal(), credential.account(), claim.scope().region(),
                Optional.of(new ChunkSeed(key, claim.stamp(), claim.scope(), claim.signature())));
    }

    private void checkSignature(Incoming request, Claim claim, byte[] key, String payloadHash) {
        String expected = SigV4.sign(key, claim.stamp(), claim.scope(), CanonicalRequest.of(request, claim, payloadHash));
        boolean right = claim.signedHeaders().contains("host") && (SigV4.same(expected, claim.signature())
                || SigV4.same(SigV4.sign(key, claim.stamp(), claim.scope(), CanonicalRequest.asSent(request, claim, payloadHash)),
                        claim.signature()));
        if (!right) {
            throw new AuthFailure(Reason.WRONG_SIGNATURE, "The request signature we calculated does not match the signature you provided. "
                    + "Check your AWS Secret Access Key and signing method. Consult the service documentation for details.");
        }
    }

    private static String payloadHash(Incoming request, Claim claim, BodyHash body) {
        Optional<String> declared = request.headers().first("x-amz-content-sha256");
        if (declared.isPresent()) {
            return declared.get();
        }
        return claim.isLink() && claim.scope().service().equals("s3") ? UNSIGNED_PAYLOAD : body.hex();
    }

    private void checkTime(Claim claim) {
        Instant stamp = instant(claim.stamp());
        if (!SigV4.stamp(stamp).startsWith(claim.scope().date())) {
            throw new AuthFailure(Reason.MALFORMED, "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '"
                    + claim.scope().date() + "' != '" + SigV4.stamp(stamp).substring(0, 8) + "', from '" + claim.stamp() + "'.");
        }
        Instant now = time.now();
        Duration skew = claim.scope().service().equals("s3") ? SKEW_OF_S3 : SKEW;
        if (stamp.isAfter(now.plus(skew))) {
            throw new AuthFailure(Reason.NOT_YET_CURRENT, "Signature not yet current: " + SigV4.stamp(stamp) + " is still later than "
                    + SigV4.stamp(now.plus(skew)) + " (" + SigV4.stamp(now) + " + " + skew.toMinutes() + " min.)");
        }
        if (claim.isLink()) {
            checkLink(claim, stamp, now);
        } else if (stamp.isBefore(now.minus(skew))) {
            throw new AuthFailure(Reason.TOO_OLD, "Signature expired: " + SigV4.stamp(stamp) + " is now earlier than "
                    + SigV4.stamp(now.minus(skew)) + " (" + SigV4.stamp(now) + " - " + skew.toMinutes() + " min.)");
        }
    }

    private static void checkLink(Claim claim, Instant stamp, Instant now) {
        long seconds = claim.expires().orElseThrow();
        if (seconds > WEEK || seconds < 0) {
            throw new AuthFailure(Reason.LINK_TOO_LONG, seconds < 0 ? "X-Amz-Expires must be non-negative"
                    : "X-Amz-Expires must be less than a week (in seconds) that is, the given X-Amz-Expires must be less than 604800 seconds");
        }
        if (now.isAfter(stamp.plusSeconds(seconds))) {
            throw new AuthFailure(Reason.LINK_EXPIRED, "Request has expired");
        }
    }

    private void checkToken(Claim claim, Credential credential) {
        if (credential.sessionToken().isPresent() && !claim.token().filter(token -> SigV4.same(credential.sessionToken().get(), token)).isPresent()) {
            throw new AuthFailure(Reason.WRONG_TOKEN, "The security token included in the request is invalid.");
        }
        if (credential.expires().filter(end -> !time.now().isBefore(end)).isPresent()) {
            throw new AuthFailure(Reason.EXPIRED_TOKEN, "The security token included in the request is expired");
        }
    }

    private static Instant instant(String stamp) {
        try {
            return stamp.contains(",") ? Instant.from(java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME.parse(stamp)) : SigV4.parseStamp(stamp);
        } catch (DateTimeException e) {
            throw new AuthFailure(Reason.MALFORMED, "Date must be in ISO-8601 'basic format'. Got '" + stamp
                    + "'. See http://en.wikipedia.org/wiki/ISO_8601");
        }
    }
}
