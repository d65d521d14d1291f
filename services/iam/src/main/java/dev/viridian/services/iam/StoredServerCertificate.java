package dev.viridian.services.iam;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A server certificate, without its key.
///
/// @param chainPem empty when there is none
/// @param formerArns under which it was known before it was renamed: whoever uses it goes on
record StoredServerCertificate(String account, String path, String name, String id, Instant uploaded, Instant expires, String bodyPem, String chainPem,
        List<String> formerArns, Map<String, String> tags) {
    String arn() {
        return "arn:aws:iam::" + account + ":server-certificate" + path + name;
    }

    /// Every ARN somebody may know it by.
    Stream<String> arns() {
        return Stream.concat(Stream.of(arn()), formerArns.stream());
    }

    StoredServerCertificate at(String nextPath, String nextName) {
        return new StoredServerCertificate(account, nextPath, nextName, id, uploaded, expires, bodyPem, chainPem, arns().distinct().toList(), tags);
    }

    StoredServerCertificate withTags(Map<String, String> next) {
        return new StoredServerCertificate(account, path, name, id, uploaded, expires, bodyPem, chainPem, formerArns, next);
    }
}
