package dev.viridian.services.s3;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkPojo;

/// What `x-amz-server-side-encryption` says of an object. It is kept and answered; see the package's door sign for what it is worth.
///
/// @param algorithm `AES256` or `aws:kms`
record Encryption(String algorithm, Optional<String> kmsKeyId, boolean bucketKey) {
    /// What S3 does to every object since January 2023 unless told otherwise.
    static final Encryption DEFAULT = new Encryption("AES256", Optional.empty(), false);

    /// @param fallback the bucket's own
    static Encryption wished(SdkPojo request, Encryption fallback) {
        refuseCustomerKeys(request);
        Optional<String> algorithm = Members.text(request, "ServerSideEncryption");
        Optional<String> key = Members.text(request, "SSEKMSKeyId");
        if (key.isPresent() && !algorithm.orElse("").startsWith("aws:kms")) {
            throw S3Errors.invalidArgument("Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : "
                    + "aws:kms");
        }
        boolean bucketKey = Members.text(request, "BucketKeyEnabled").map(Boolean::parseBoolean).orElse(false);
        return algorithm.map(a -> new Encryption(a, key, bucketKey)).orElse(fallback);
    }

    /// Keeping an object readable without the key it was meant to be locked with would be a lie.
    static void refuseCustomerKeys(SdkPojo request) {
        if (Members.text(request, "SSECustomerAlgorithm").isPresent() || Members.text(request, "CopySourceSSECustomerAlgorithm").isPresent()) {
            throw S3Errors.of("NotImplemented", 501, "Server-side encryption with customer-provided keys is not implemented here.");
        }
    }

    boolean isKms() {
        return algorithm.startsWith("aws:kms");
    }

    /// As members of an answer.
    Map<String, Object> members() {
        Map<String, Object> members = new HashMap<>();
        members.put("ServerSideEncryption", algorithm);
        kmsKeyId.ifPresent(key -> members.put("SSEKMSKeyId", key));
        if (bucketKey) {
            members.put("BucketKeyEnabled", true);
        }
        return members;
    }
}
