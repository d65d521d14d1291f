package dev.viridian.services.logs;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A log group.
///
/// @param retentionInDays null when lines are kept for ever
/// @param protectedFromDeletion whether DeleteLogGroup is refused
record Group(String account, String region, String name, Instant created, @Nullable Integer retentionInDays, String groupClass,
        boolean protectedFromDeletion, Map<String, String> tags) {

    String arn() {
        return "arn:aws:logs:" + region + ":" + account + ":log-group:" + name;
    }

    /// Lines from before this moment are gone. Days are real days at any pace: losing logs early helps no rehearsal.
    Optional<Instant> keptSince(Instant now) {
        return Optional.ofNullable(retentionInDays).map(days -> now.minus(Duration.ofDays(days)));
    }

    Group withRetention(@Nullable Integer days) {
        return new Group(account, region, name, created, days, groupClass, protectedFromDeletion, tags);
    }

    Group withTags(Map<String, String> next) {
        return new Group(account, region, name, created, retentionInDays, groupClass, protectedFromDeletion, next);
    }

    Group withProtection(boolean on) {
        return new Group(account, region, name, created, retentionInDays, groupClass, on, tags);
    }
}
