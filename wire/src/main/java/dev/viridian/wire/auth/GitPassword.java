package dev.viridian.wire.auth;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Checks the password of CodeCommit's git credential helper, which is a signature over the repository's path with a time in it.
public final class GitPassword {
    /// Source: CodeCommit answers 403 to a password older than 15 minutes.
    private static final Duration VALID = Duration.ofMinutes(15);
    private static final Pattern FORM = Pattern.compile("(\\d{8}T\\d{6})Z([0-9a-f]{64})");

    /// What a password turned out to be.
    public enum Verdict { VALID, EXPIRED, WRONG }

    private GitPassword() {}

    /// Whether this text could be such a password at all, and not one IAM generated.
    public static boolean looksLikeOne(String password) {
        return FORM.matcher(password).matches();
    }

    /// @param hosts under which git may have known us: AWS's host name and our own, with and without port
    /// @param regions the tools take the region from the host name or from their configuration, so several may have been meant
    /// @param path of the repository, `/v1/repos/name`
    public static Verdict verify(String password, String secret, List<String> regions, List<String> hosts, String path, Instant now) {
        Matcher parts = FORM.matcher(password);
        if (!parts.matches()) {
            return Verdict.WRONG;
        }
        Instant stamp;
        try {
            stamp = SigV4.parseStamp(parts.group(1));
        } catch (DateTimeException e) {
            return Verdict.WRONG; // digits, but no date
        }
        boolean signed = regions.stream().anyMatch(region -> hosts.stream()
                .anyMatch(host -> SigV4.same(SigV4.gitPassword(secret, region, stamp, host, path), password)));
        if (!signed) {
            return Verdict.WRONG;
        }
        return Duration.between(stamp, now).abs().compareTo(VALID) <= 0 ? Verdict.VALID : Verdict.EXPIRED;
    }
}
