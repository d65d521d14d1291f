package dev.viridian.services.s3;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import software.amazon.awssdk.services.s3.model.Owner;

/// Accounts as S3 shows them: by a canonical user id of 64 hexadecimal digits, here derived from the account.
final class Owners {
    private Owners() {}

    static Owner of(String account) {
        byte[] digest = Algorithm.messageDigest("SHA-256").digest(("canonical user of " + account).getBytes(StandardCharsets.UTF_8));
        return Owner.builder().id(HexFormat.of().formatHex(digest)).displayName(account).build();
    }
}
