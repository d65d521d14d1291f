package dev.viridian.services.acm;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import software.amazon.awssdk.services.acm.model.RecordType;
import software.amazon.awssdk.services.acm.model.ResourceRecord;

/// The DNS record by which AWS lets an owner prove a name: the same for the same account and domain every time, and for a domain and its wildcard.
final class ValidationRecord {
    private ValidationRecord() {}

    static ResourceRecord of(String account, String name) {
        String domain = name.startsWith("*.") ? name.substring(2) : name;
        String hash = HexFormat.of().formatHex(sha256(account + "/" + domain));
        return ResourceRecord.builder().name("_" + hash.substring(0, 32) + "." + domain + ".").type(RecordType.CNAME)
                .value("_" + hash.substring(32) + ".acm-validations.aws.").build();
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
