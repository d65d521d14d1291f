package dev.viridian.services.s3;

import dev.viridian.services.s3.Bucket.PublicAccess;
import dev.viridian.services.s3.Bucket.Versioning;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.GetBucketEncryptionResponse;
import software.amazon.awssdk.services.s3.model.GetPublicAccessBlockResponse;
import software.amazon.awssdk.services.s3.model.MFADelete;
import software.amazon.awssdk.services.s3.model.PublicAccessBlockConfiguration;
import software.amazon.awssdk.services.s3.model.PutBucketEncryptionRequest;
import software.amazon.awssdk.services.s3.model.PutBucketPolicyRequest;
import software.amazon.awssdk.services.s3.model.PutBucketTaggingRequest;
import software.amazon.awssdk.services.s3.model.PutBucketVersioningRequest;
import software.amazon.awssdk.services.s3.model.PutPublicAccessBlockRequest;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionByDefault;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionConfiguration;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionRule;

/// The settings of a bucket that something here acts upon or that are merely remembered for whoever evaluates them.
final class BucketSettings {
    private final Buckets buckets;

    BucketSettings(Buckets buckets) {
        this.buckets = buckets;
    }

    void version(PutBucketVersioningRequest request) {
        Bucket bucket = buckets.of(request, "s3:PutBucketVersioning");
        BucketVersioningStatus status = request.versioningConfiguration().status();
        if (request.versioningConfiguration().mfaDelete() == MFADelete.ENABLED) {
            throw S3Errors.of("NotImplemented", 501, "MFA delete is not implemented here.");
        }
        if (status == null || status == BucketVersioningStatus.UNKNOWN_TO_SDK_VERSION) {
            throw S3Errors.of("IllegalVersioningConfigurationException", 400, "The Versioning element must be specified");
        }
        buckets.change(bucket, b -> b.with(status == BucketVersioningStatus.ENABLED ? Versioning.ENABLED : Versioning.SUSPENDED));
    }

    void policy(PutBucketPolicyRequest request) {
        Bucket bucket = buckets.of(request, "s3:PutBucketPolicy");
        BucketPolicyDocument document = BucketPolicyDocument.parse(request.policy(), bucket);
        if (document.isPublic() && bucket.blocked().filter(PublicAccess::blockPolicy).isPresent()) {
            throw S3Errors.accessDenied();
        }
        buckets.change(bucket, b -> b.withPolicy(Optional.of(request.policy())));
    }

    void tags(PutBucketTaggingRequest request) {
        Bucket bucket = buckets.of(request, "s3:PutBucketTagging");
        Map<String, String> tags = Tags.of(request.tagging().tagSet(), Tags.MOST_ON_BUCKET);
        buckets.change(bucket, b -> b.withTags(tags));
    }

    void encryption(PutBucketEncryptionRequest request) {
        Bucket bucket = buckets.of(request, "s3:PutEncryptionConfiguration");
        List<ServerSideEncryptionRule> rules = request.serverSideEncryptionConfiguration().rules();
        if (rules.size() != 1 || rules.getFirst().applyServerSideEncryptionByDefault() == null) {
            throw S3Errors.malformedXml();
        }
        ServerSideEncryptionByDefault wished = rules.getFirst().applyServerSideEncryptionByDefault();
        Encryption encryption = new Encryption(wished.sseAlgorithmAsString(), Optional.ofNullable(wished.kmsMasterKeyID()),
                Boolean.TRUE.equals(rules.getFirst().bucketKeyEnabled()));
        if (encryption.kmsKeyId().isPresent() && !encryption.isKms()) {
            throw S3Errors.invalidArgument("a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse");
        }
        buckets.change(bucket, b -> b.with(encryption));
    }

    static GetBucketEncryptionResponse shown(Encryption encryption) {
        ServerSideEncryptionByDefault byDefault = ServerSideEncryptionByDefault.builder().sseAlgorithm(encryption.algorithm())
                .kmsMasterKeyID(encryption.kmsKeyId().orElse(null)).build();
        ServerSideEncryptionRule rule = ServerSideEncryptionRule.builder().applyServerSideEncryptionByDefault(byDefault)
                .bucketKeyEnabled(encryption.bucketKey()).build();
        return GetBucketEncryptionResponse.builder().serverSideEncryptionConfiguration(ServerSideEncryptionConfiguration.builder().rules(rule)
                .build()).build();
    }

    void block(PutPublicAccessBlockRequest request) {
        Bucket bucket = buckets.of(request, "s3:PutBucketPublicAccessBlock");
        PublicAccessBlockConfiguration wished = request.publicAccessBlockConfiguration();
        PublicAccess access = new PublicAccess(Boolean.TRUE.equals(wished.blockPublicAcls()), Boolean.TRUE.equals(wished.ignorePublicAcls()),
                Boolean.TRUE.equals(wished.blockPublicPolicy()), Boolean.TRUE.equals(wished.restrictPublicBuckets()));
        buckets.change(bucket, b -> b.withBlocked(Optional.of(access)));
    }

    static GetPublicAccessBlockResponse shown(PublicAccess access) {
        return GetPublicAccessBlockResponse.builder().publicAccessBlockConfiguration(PublicAccessBlockConfiguration.builder()
                .blockPublicAcls(access.blockAcls()).ignorePublicAcls(access.ignoreAcls()).blockPublicPolicy(access.blockPolicy())
                .restrictPublicBuckets(access.restrictBuckets()).build()).build();
    }
}
