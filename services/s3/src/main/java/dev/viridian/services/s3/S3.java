package dev.viridian.services.s3;

import dev.viridian.aws.Caller;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.time.Time;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.*;

/// Amazon S3 of this process. See the package for what differs from AWS.
@SuppressWarnings("deprecation") // clients still call the old operations
public final class S3 implements S3Client {
    private final Store store;
    private final Blobs blobs;
    private final Buckets buckets;
    private final BucketSettings settings;
    private final Versions versions;
    private final Objects objects;
    private final Reading reading;
    private final ObjectLists lists;
    private final Copies copies;
    private final Uploads uploads;
    private final UploadLists uploadLists;

    /// @param blobFolder where the bytes of objects lie; nobody else writes there
    public S3(Store store, Time time, Path blobFolder) {
        this(store, time, blobFolder, BucketPolicies.OWNER_ONLY);
    }

    /// @param policies who of other accounts gets in
    public S3(Store store, Time time, Path blobFolder, BucketPolicies policies) {
        this.store = store;
        this.blobs = new Blobs(blobFolder);
        Garbage garbage = new Garbage(store, blobs);
        Intake intake = new Intake(store, blobs);
        this.buckets = new Buckets(store, time, policies);
        this.settings = new BucketSettings(buckets);
        this.versions = new Versions(store, garbage);
        this.objects = new Objects(store, time, buckets, versions, intake);
        this.reading = new Reading(buckets, versions, blobs);
        this.lists = new ObjectLists(buckets, versions);
        this.copies = new Copies(buckets, objects, reading, blobs, intake);
        this.uploads = new Uploads(store, buckets, objects, copies, blobs, intake, garbage);
        this.uploadLists = new UploadLists(buckets, uploads);
        blobs.recover(id -> versions.names(id) || uploads.names(id));
        garbage.sweep();
    }

    /// Takes all blobs out of the way at once, for a store that was cleared, and returns the deed of deleting them, which may take a while.
    public Runnable forgetBlobs() {
        return blobs.setAside();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // the store and the folder belong to the assembly
    }

    // buckets

    @Override
    public CreateBucketResponse createBucket(CreateBucketRequest request) {
        if (Boolean.TRUE.equals(request.objectLockEnabledForBucket())) {
            throw S3Errors.of("NotImplemented", 501, "Object lock is not implemented here.");
        }
        Bucket bucket = buckets.create(request);
        boolean home = Caller.current().region().equals("us-east-1");
        return CreateBucketResponse.builder().location(home ? "/" + bucket.name() : "http://" + bucket.name() + ".s3.amazonaws.com/")
                .bucketArn(bucket.arn()).build();
    }

    @Override
    public HeadBucketResponse headBucket(HeadBucketRequest request) {
        Bucket bucket = buckets.of(request, "s3:ListBucket");
        return HeadBucketResponse.builder().bucketRegion(bucket.region()).bucketArn(bucket.arn()).accessPointAlias(false).build();
    }

    @Override
    public DeleteBucketResponse deleteBucket(DeleteBucketRequest request) {
        Bucket bucket = buckets.of(request, "s3:DeleteBucket");
        store.transact(() -> {
            if (!versions.isEmpty(bucket.name())) {
                throw S3Errors.of("BucketNotEmpty", 409, bucket.isVersioned()
                        ? "The bucket you tried to delete is not empty. You must delete all versions in the bucket."
                        : "The bucket you tried to delete is not empty");
            }
            uploads.in(bucket.name()).forEach(uploads::abort);
            buckets.delete(bucket);
        });
        return DeleteBucketResponse.builder().build();
    }

    @Override
    public ListBucketsResponse listBuckets(ListBucketsRequest request) {
        String account = Caller.current().account();
        int most = request.maxBuckets() == null ? Integer.MAX_VALUE : request.maxBuckets();
        List<Bucket> mine = buckets.all().stream().filter(b -> b.account().equals(account))
                .filter(b -> request.prefix() == null || b.name().startsWith(request.prefix()))
                .filter(b -> request.bucketRegion() == null || b.region().equals(request.bucketRegion()))
                .filter(b -> request.continuationToken() == null || b.name().compareTo(request.continuationToken()) > 0)
                .sorted(Comparator.comparing(Bucket::name)).toList();
        List<Bucket> page = mine.stream().limit(most).toList();
        return ListBucketsResponse.builder().owner(Owners.of(account)).prefix(request.prefix())
                .continuationToken(mine.size() > page.size() ? page.getLast().name() : null)
                .buckets(page.stream().map(S3::shown).toList()).build();
    }

    private static software.amazon.awssdk.services.s3.model.Bucket shown(Bucket bucket) {
        return software.amazon.awssdk.services.s3.model.Bucket.builder().name(bucket.name()).creationDate(bucket.created())
                .bucketRegion(bucket.region())
                .bucketArn(bucket.arn()).build();
    }

    @Override
    public GetBucketLocationResponse getBucketLocation(GetBucketLocationRequest request) {
        String region = buckets.of(request, "s3:GetBucketLocation").region();
        return GetBucketLocationResponse.builder().locationConstraint(region.equals("us-east-1") ? null : region).build();
    }

    // settings

    @Override
    public PutBucketVersioningResponse putBucketVersioning(PutBucketVersioningRequest request) {
        settings.version(request);
        return PutBucketVersioningResponse.builder().build();
    }

    @Override
    public GetBucketVersioningResponse getBucketVersioning(GetBucketVersioningRequest request) {
        return GetBucketVersioningResponse.builder().status(switch (buckets.of(request, "s3:GetBucketVersioning").versioning()) {
            case NEVER -> null;
            case ENABLED -> BucketVersioningStatus.ENABLED;
            case SUSPENDED -> BucketVersioningStatus.SUSPENDED;
        }).build();
    }

    @Override
    public PutBucketPolicyResponse putBucketPolicy(PutBucketPolicyRequest request) {
        settings.policy(request);
        return PutBucketPolicyResponse.builder().build();
    }

    @Override
    public GetBucketPolicyResponse getBucketPolicy(GetBucketPolicyRequest request) {
        return GetBucketPolicyResponse.builder().policy(policy(buckets.of(request, "s3:GetBucketPolicy"))).build();
    }

    @Override
    public GetBucketPolicyStatusResponse getBucketPolicyStatus(GetBucketPolicyStatusRequest request) {
        Bucket bucket = buckets.of(request, "s3:GetBucketPolicyStatus");
        boolean open = BucketPolicyDocument.parse(policy(bucket), bucket).isPublic();
        return GetBucketPolicyStatusResponse.builder().policyStatus(PolicyStatus.builder().isPublic(open).build()).build();
    }

    private static String policy(Bucket bucket) {
        return bucket.policy().orElseThrow(() -> S3Errors.of("NoSuchBucketPolicy", 404, "The bucket policy does not exist"));
    }

    @Override
    public DeleteBucketPolicyResponse deleteBucketPolicy(DeleteBucketPolicyRequest request) {
        buckets.change(buckets.of(request, "s3:DeleteBucketPolicy"), b -> b.withPolicy(Optional.empty()));
        return DeleteBucketPolicyResponse.builder().build();
    }

    @Override
    public PutBucketTaggingResponse putBucketTagging(PutBucketTaggingRequest request) {
        settings.tags(request);
        return PutBucketTaggingResponse.builder().build();
    }

    @Override
    public GetBucketTaggingResponse getBucketTagging(GetBucketTaggingRequest request) {
        Map<String, String> tags = buckets.of(request, "s3:GetBucketTagging").tags();
        if (tags.isEmpty()) {
            throw S3Errors.of("NoSuchTagSet", 404, "The TagSet does not exist");
        }
        return GetBucketTaggingResponse.builder().tagSet(Tags.list(tags)).build();
    }

    @Override
    public DeleteBucketTaggingResponse deleteBucketTagging(DeleteBucketTaggingRequest request) {
        buckets.change(buckets.of(request, "s3:PutBucketTagging"), b -> b.withTags(Map.of()));
        return DeleteBucketTaggingResponse.builder().build();
    }

    @Override
    public PutBucketEncryptionResponse putBucketEncryption(PutBucketEncryptionRequest request) {
        settings.encryption(request);
        return PutBucketEncryptionResponse.builder().build();
    }

    @Override
    public GetBucketEncryptionResponse getBucketEncryption(GetBucketEncryptionRequest request) {
        return BucketSettings.shown(buckets.of(request, "s3:GetEncryptionConfiguration").encryption());
    }

    /// There is no unencrypted bucket any more: deleting the setting restores the default.
    @Override
    public DeleteBucketEncryptionResponse deleteBucketEncryption(DeleteBucketEncryptionRequest request) {
        buckets.change(buckets.of(request, "s3:PutEncryptionConfiguration"), b -> b.with(Encryption.DEFAULT));
        return DeleteBucketEncryptionResponse.builder().build();
    }

    @Override
    public PutPublicAccessBlockResponse putPublicAccessBlock(PutPublicAccessBlockRequest request) {
        settings.block(request);
        return PutPublicAccessBlockResponse.builder().build();
    }

    @Override
    public GetPublicAccessBlockResponse getPublicAccessBlock(GetPublicAccessBlockRequest request) {
        return BucketSettings.shown(buckets.of(request, "s3:GetBucketPublicAccessBlock").blocked().orElseThrow(
                () -> S3Errors.of("NoSuchPublicAccessBlockConfiguration", 404, "The public access block configuration was not found")));
    }

    @Override
    public DeletePublicAccessBlockResponse deletePublicAccessBlock(DeletePublicAccessBlockRequest request) {
        buckets.change(buckets.of(request, "s3:PutBucketPublicAccessBlock"), b -> b.withBlocked(Optional.empty()));
        return DeletePublicAccessBlockResponse.builder().build();
    }

    // settings that always have AWS's default, because nothing else is supported

    @Override
    public GetBucketAclResponse getBucketAcl(GetBucketAclRequest request) {
        Owner owner = Owners.of(buckets.of(request, "s3:GetBucketAcl").account());
        return GetBucketAclResponse.builder().owner(owner).grants(fullControl(owner)).build();
    }

    @Override
    public PutBucketAclResponse putBucketAcl(PutBucketAclRequest request) {
        buckets.of(request, "s3:PutBucketAcl");
        throw S3Errors.of("AccessControlListNotSupported", 400, "The bucket does not allow ACLs");
    }

    @Override
    public GetObjectAclResponse getObjectAcl(GetObjectAclRequest request) {
        Bucket bucket = buckets.of(request, "s3:GetObjectAcl");
        versions.readable(bucket.name(), request.key(), request.versionId());
        Owner owner = Owners.of(bucket.account());
        return GetObjectAclResponse.builder().owner(owner).grants(fullControl(owner)).build();
    }

    @Override
    public PutObjectAclResponse putObjectAcl(PutObjectAclRequest request) {
        buckets.of(request, "s3:PutObjectAcl");
        throw S3Errors.of("AccessControlListNotSupported", 400, "The bucket does not allow ACLs");
    }

    private static Grant fullControl(Owner owner) {
        return Grant.builder().permission(Permission.FULL_CONTROL)
                .grantee(Grantee.builder().type(Type.CANONICAL_USER).id(owner.id()).displayName(owner.displayName()).build()).build();
    }

    @Override
    public GetBucketOwnershipControlsResponse getBucketOwnershipControls(GetBucketOwnershipControlsRequest request) {
        buckets.of(request, "s3:GetBucketOwnershipControls");
        OwnershipControlsRule rule = OwnershipControlsRule.builder().objectOwnership(ObjectOwnership.BUCKET_OWNER_ENFORCED).build();
        return GetBucketOwnershipControlsResponse.builder().ownershipControls(OwnershipControls.builder().rules(rule).build()).build();
    }

    @Override
    public PutBucketOwnershipControlsResponse putBucketOwnershipControls(PutBucketOwnershipControlsRequest request) {
        buckets.of(request, "s3:PutBucketOwnershipControls");
        request.ownershipControls().rules().forEach(rule -> Buckets.refuseOwnership(rule.objectOwnershipAsString()));
        return PutBucketOwnershipControlsResponse.builder().build();
    }

    @Override
    public GetBucketLifecycleConfigurationResponse getBucketLifecycleConfiguration(GetBucketLifecycleConfigurationRequest request) {
        buckets.of(request, "s3:GetLifecycleConfiguration");
        throw S3Errors.of("NoSuchLifecycleConfiguration", 404, "The lifecycle configuration does not exist");
    }

    @Override
    public GetBucketCorsResponse getBucketCors(GetBucketCorsRequest request) {
        buckets.of(request, "s3:GetBucketCORS");
        throw S3Errors.of("NoSuchCORSConfiguration", 404, "The CORS configuration does not exist");
    }

    @Override
    public GetBucketWebsiteResponse getBucketWebsite(GetBucketWebsiteRequest request) {
        buckets.of(request, "s3:GetBucketWebsite");
        throw S3Errors.of("NoSuchWebsiteConfiguration", 404, "The specified bucket does not have a website configuration");
    }

    @Override
    public GetBucketReplicationResponse getBucketReplication(GetBucketReplicationRequest request) {
        buckets.of(request, "s3:GetReplicationConfiguration");
        throw S3Errors.of("ReplicationConfigurationNotFoundError", 404, "The replication configuration was not found");
    }

    @Override
    public GetObjectLockConfigurationResponse getObjectLockConfiguration(GetObjectLockConfigurationRequest request) {
        buckets.of(request, "s3:GetBucketObjectLockConfiguration");
        throw S3Errors.of("ObjectLockConfigurationNotFoundError", 404, "Object Lock configuration does not exist for this bucket");
    }

    @Override
    public GetBucketNotificationConfigurationResponse getBucketNotificationConfiguration(GetBucketNotificationConfigurationRequest request) {
        buckets.of(request, "s3:GetBucketNotification");
        return GetBucketNotificationConfigurationResponse.builder().build();
    }

    @Override
    public GetBucketLoggingResponse getBucketLogging(GetBucketLoggingRequest request) {
        buckets.of(request, "s3:GetBucketLogging");
        return GetBucketLoggingResponse.builder().build();
    }

    @Override
    public GetBucketAccelerateConfigurationResponse getBucketAccelerateConfiguration(GetBucketAccelerateConfigurationRequest request) {
        buckets.of(request, "s3:GetAccelerateConfiguration");
        return GetBucketAccelerateConfigurationResponse.builder().build();
    }

    @Override
    public GetBucketRequestPaymentResponse getBucketRequestPayment(GetBucketRequestPaymentRequest request) {
        buckets.of(request, "s3:GetBucketRequestPayment");
        return GetBucketRequestPaymentResponse.builder().payer(Payer.BUCKET_OWNER).build();
    }

    // objects

    @Override
    public PutObjectResponse putObject(PutObjectRequest request, RequestBody body) {
        return objects.put(request, body);
    }

    @Override
    public <T> T getObject(GetObjectRequest request, ResponseTransformer<GetObjectResponse, T> transformer) {
        return reading.get(request, transformer);
    }

    @Override
    public HeadObjectResponse headObject(HeadObjectRequest request) {
        return reading.head(request);
    }

    @Override
    public GetObjectAttributesResponse getObjectAttributes(GetObjectAttributesRequest request) {
        Bucket bucket = buckets.of(request, "s3:GetObjectAttributes");
        return Attributes.of(versions.readable(bucket.name(), request.key(), request.versionId()), bucket, request);
    }

    @Override
    public DeleteObjectResponse deleteObject(DeleteObjectRequest request) {
        return objects.delete(request);
    }

    @Override
    public DeleteObjectsResponse deleteObjects(DeleteObjectsRequest request) {
        return objects.delete(request);
    }

    @Override
    public CopyObjectResponse copyObject(CopyObjectRequest request) {
        return copies.copy(request);
    }

    @Override
    public PutObjectTaggingResponse putObjectTagging(PutObjectTaggingRequest request) {
        Map<String, String> tags = Tags.of(request.tagging().tagSet(), Tags.MOST_ON_OBJECT);
        return PutObjectTaggingResponse.builder().versionId(retag(request, request.key(), request.versionId(), tags)).build();
    }

    @Override
    public DeleteObjectTaggingResponse deleteObjectTagging(DeleteObjectTaggingRequest request) {
        return DeleteObjectTaggingResponse.builder().versionId(retag(request, request.key(), request.versionId(), Map.of())).build();
    }

    private String retag(S3Request request, String key, String version, Map<String, String> tags) {
        Bucket bucket = buckets.of(request, "s3:PutObjectTagging");
        return store.transact(() -> {
            StoredObject object = versions.readable(bucket.name(), key, version);
            versions.replace(object.withTags(tags));
            return Objects.shown(bucket, object.version());
        });
    }

    @Override
    public GetObjectTaggingResponse getObjectTagging(GetObjectTaggingRequest request) {
        Bucket bucket = buckets.of(request, "s3:GetObjectTagging");
        StoredObject object = versions.readable(bucket.name(), request.key(), request.versionId());
        return GetObjectTaggingResponse.builder().tagSet(Tags.list(object.tags())).versionId(Objects.shown(bucket, object.version())).build();
    }

    @Override
    public ListObjectsResponse listObjects(ListObjectsRequest request) {
        return lists.list(request);
    }

    @Override
    public ListObjectsV2Response listObjectsV2(ListObjectsV2Request request) {
        return lists.list(request);
    }

    @Override
    public ListObjectVersionsResponse listObjectVersions(ListObjectVersionsRequest request) {
        return lists.list(request);
    }

    // multipart uploads

    @Override
    public CreateMultipartUploadResponse createMultipartUpload(CreateMultipartUploadRequest request) {
        return uploads.create(request);
    }

    @Override
    public UploadPartResponse uploadPart(UploadPartRequest request, RequestBody body) {
        return uploads.upload(request, body);
    }

    @Override
    public UploadPartCopyResponse uploadPartCopy(UploadPartCopyRequest request) {
        return uploads.copy(request);
    }

    @Override
    public CompleteMultipartUploadResponse completeMultipartUpload(CompleteMultipartUploadRequest request) {
        return uploads.complete(request);
    }

    @Override
    public AbortMultipartUploadResponse abortMultipartUpload(AbortMultipartUploadRequest request) {
        uploads.abort(request);
        return AbortMultipartUploadResponse.builder().build();
    }

    @Override
    public ListPartsResponse listParts(ListPartsRequest request) {
        return uploadLists.list(request);
    }

    @Override
    public ListMultipartUploadsResponse listMultipartUploads(ListMultipartUploadsRequest request) {
        return uploadLists.list(request);
    }
}
