package dev.viridian.services.iam;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// A user, group or role: whatever has a name and policies.
///
/// @param id unique for ever, `AIDA...`, `AGPA...` or `AROA...`
/// @param inline policies by name
/// @param attached ARNs of managed policies, in the order of attaching
/// @param groups names of the groups a user is in
/// @param role what only roles have
record Identity(Kind kind, String account, String path, String name, String id, Instant created, Map<String, String> tags, Optional<String> boundary,
        SortedMap<String, String> inline, List<String> attached, List<String> groups, Optional<RoleDetail> role) {

    /// The three kinds, with how IAM speaks of them.
    enum Kind {
        USER("AIDA", 2048), GROUP("AGPA", 5120), ROLE("AROA", 10240);

        private final String idPrefix;
        private final int mostInline;

        Kind(String idPrefix, int mostInline) {
            this.idPrefix = idPrefix;
            this.mostInline = mostInline;
        }

        /// As in an ARN.
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// As in a message.
        String title() {
            return name().charAt(0) + word().substring(1);
        }

        String idPrefix() {
            return idPrefix;
        }

        /// How many characters that are not white space all inline policies together may have.
        int mostInline() {
            return mostInline;
        }
    }

    /// @param trust the policy that says who may assume it
    /// @param lastUsed when and in which region a session of it began
    record RoleDetail(String trust, Optional<String> description, Duration longestSession, Optional<Instant> lastUsed, Optional<String> lastRegion) {
        RoleDetail usedAt(Instant moment, String region) {
            return new RoleDetail(trust, description, longestSession, Optional.of(moment), Optional.of(region));
        }
    }

    String arn() {
        return "arn:aws:iam::" + account + ":" + kind.word() + path + name;
    }

    boolean isServiceLinked() {
        return path.startsWith("/aws-service-role/");
    }

    Identity renamed(String nextPath, String nextName) {
        return new Identity(kind, account, nextPath, nextName, id, created, tags, boundary, inline, attached, groups, role);
    }

    Identity withTags(Map<String, String> next) {
        return new Identity(kind, account, path, name, id, created, next, boundary, inline, attached, groups, role);
    }

    Identity tagged(Map<String, String> more) {
        Map<String, String> next = new LinkedHashMap<>(tags);
        next.putAll(more);
        return withTags(next);
    }

    Identity untagged(List<String> keys) {
        Map<String, String> next = new LinkedHashMap<>(tags);
        keys.forEach(next::remove);
        return withTags(next);
    }

    Identity bounded(Optional<String> next) {
        return new Identity(kind, account, path, name, id, created, tags, next, inline, attached, groups, role);
    }

    Identity withInline(String policy, Optional<String> document) {
        SortedMap<String, String> next = new TreeMap<>(inline);
        document.ifPresentOrElse(text -> next.put(policy, text), () -> next.remove(policy));
        return new Identity(kind, account, path, name, id, created, tags, boundary, next, attached, groups, role);
    }

    Identity attach(String arn) {
        return new Identity(kind, account, path, name, id, created, tags, boundary, inline, with(attached, arn), groups, role);
    }

    Identity detach(String arn) {
        return new Identity(kind, account, path, name, id, created, tags, boundary, inline, without(attached, arn), groups, role);
    }

    Identity join(String group) {
        return new Identity(kind, account, path, name, id, created, tags, boundary, inline, attached, with(groups, group), role);
    }

    Identity leave(String group) {
        return new Identity(kind, account, path, name, id, created, tags, boundary, inline, attached, without(groups, group), role);
    }

    Identity with(RoleDetail next) {
        return new Identity(kind, account, path, name, id, created, tags, boundary, inline, attached, groups, Optional.of(next));
    }

    RoleDetail detail() {
        return role.orElseThrow(() -> new IllegalStateException(arn() + " is asked for what only roles have"));
    }

    private static List<String> with(List<String> list, String one) {
        if (list.contains(one)) {
            return list;
        }
        List<String> next = new ArrayList<>(list);
        next.add(one);
        return next;
    }

    private static List<String> without(List<String> list, String one) {
        return list.stream().filter(other -> !other.equals(one)).toList();
    }
}
