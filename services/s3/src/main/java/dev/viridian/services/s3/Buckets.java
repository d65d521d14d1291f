package dev.viridian.services.s3;

import dev.viridian.aws.AwsErrors;
import dev.viridian.aws.Caller;
import dev.viridian.engine.store.Key;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import dev.viridian.engine.time.Time;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.s3.model.BucketAlreadyExistsException;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;

/// Who owns which bucket name. Names are unique in the process, as they are in a partition of AWS.
final class Buckets {
    private static final List<String> GRANTS = List.of("GrantFullControl", "GrantRead", "GrantReadACP", "GrantWrite", "GrantWriteACP");

    private final Store store;
    private final Time time;
    private final BucketPolicies policies;
    private final Table<Bucket> table;

    Buckets(Store store, Time time, BucketPolicies policies) {
        this.store = store;
        this.time = time;
        this.policies = policies;
        this.table = store.table("s3.buckets", Bucket.class);
    }

    /// The bucket a request names, if its caller may touch it.
    ///
    /// @param action what the caller wants, for a caller of another account
    Bucket of(SdkPojo request, String action) {
        // copies call the same two members by other names
        String name = Members.text(request, "Bucket").or(() -> Members.text(request, "DestinationBucket"))
                .orElseThrow(() -> S3Errors.of("InvalidBucketName", 400, "The specified bucket is not valid."));
        Map<String, List<String>> context = Members.text(request, "ACL").map(acl -> Map.of("s3:x-amz-acl", List.of(acl))).orElse(Map.of());
        Bucket bucket = named(name, action, Members.text(request, "Key").or(() -> Members.text(request, "DestinationKey")), context);
        Members.text(request, "ExpectedBucketOwner").filter(owner -> !owner.equals(bucket.account())).ifPresent(_ -> {
            throw S3Errors.accessDenied();
        });
        return bucket;
    }

    Bucket named(String nameOrArn, String action, Optional<String> key) {
        return named(nameOrArn, action, key, Map.of());
    }

    private Bucket named(String nameOrArn, String action, Optional<String> key, Map<String, List<String>> context) {
        String name = nameOrArn.startsWith("arn:aws:s3:::") ? nameOrArn.substring("arn:aws:s3:::".length()) : nameOrArn;
        BucketNames.check(name);
        Bucket bucket = table.find(Key.of(name)).orElseThrow(S3Errors::noSuchBucket);
        Caller caller = Caller.current();
        if (!caller.account().equals(bucket.account())) {
            String resource = key.map(k -> bucket.arn() + "/" + k).orElse(bucket.arn());
            if (bucket.policy().filter(policy -> policies.allow(policy, bucket.account(), caller, action, resource, context)).isEmpty()) {
                throw S3Errors.accessDenied();
            }
        }
        return bucket;
    }

    /// The bucket as it is now, for writers inside a transaction.
    Bucket again(Bucket seen) {
        return table.find(Key.of(seen.name())).orElseThrow(S3Errors::noSuchBucket);
    }

    List<Bucket> all() {
        return table.list();
    }

    Bucket create(CreateBucketRequest request) {
        BucketNames.check(request.bucket());
        refuseAcl(request);
        refuseOwnership(request.objectOwnershipAsString());
        String region = region(request);
        Map<String, String> tags = request.createBucketConfiguration() == null ? Map.of()
                : Tags.of(request.createBucketConfiguration().tags(), Tags.MOST_ON_BUCKET);
        Bucket bucket = Bucket.created(request.bucket(), Caller.current().account(), region, time.now().truncatedTo(ChronoUnit.SECONDS), tags);
        return store.transact(() -> table.find(Key.of(bucket.name())).map(taken -> taken(taken, region)).orElseGet(() -> {
            table.put(Key.of(bucket.name()), bucket);
            return bucket;
        }));
    }

    /// Asking again for what one has is an error everywhere but in us-east-1, for historical reasons.
    ///
    /// Source: CreateBucket API, error BucketAlreadyOwnedByYou
    private static Bucket taken(Bucket bucket, String region) {
        if (!bucket.account().equals(Caller.current().account())) {
            throw AwsErrors.of(BucketAlreadyExistsException.builder(), "BucketAlreadyExists", 409,
                    "The requested bucket name is not available. The bucket "
                    + "namespace is shared by all users of the system. Please select a different name and try again.");
        }
        if (region.equals("us-east-1") && bucket.region().equals(region)) {
            return bucket;
        }
        throw AwsErrors.of(BucketAlreadyOwnedByYouException.builder(), "BucketAlreadyOwnedByYou", 409,
                "Your previous request to create the named bucket succeeded and you already own it.");
    }

    private static String region(CreateBucketRequest request) {
        String here = Caller.current().region();
        String wished = request.createBucketConfiguration() == null ? null : request.createBucketConfiguration().locationConstraintAsString();
        if (here.equals("us-east-1")) {
            if ("us-east-1".equals(wished)) {
                throw S3Errors.of("InvalidLocationConstraint", 400, "The specified location-constraint is not valid");
            }
            return wished == null || wished.isEmpty() ? here : wished.equals("EU") ? "eu-west-1" : wished;
        }
        if (!here.equals(wished)) {
            throw S3Errors.of("IllegalLocationConstraintException", 400, "The " + (wished == null ? "unspecified" : wished)
                    + " location constraint is incompatible for the region specific endpoint this request was sent to.");
        }
        return wished;
    }

    /// Objects belong to the bucket's owner and to nobody else (`BucketOwnerEnforced`, AWS's default since April 2023), so no ACL but `private` means
    /// anything.
    static void refuseAcl(SdkPojo request) {
        boolean canned = Members.text(request, "ACL").filter(acl -> !acl.equals("private") && !acl.equals("bucket-owner-full-control")).isPresent();
        if (canned || GRANTS.stream().anyMatch(grant -> Members.text(request, grant).isPresent())) {
            throw S3Errors.of("AccessControlListNotSupported", 400, "The bucket does not allow ACLs");
        }
    }

    static void refuseOwnership(@Nullable String ownership) {
        if (ownership != null && !ownership.equals("BucketOwnerEnforced")) {
            throw S3Errors.of("NotImplemented", 501, "Object ownership other than BucketOwnerEnforced is not implemented here.");
        }
    }

    void change(Bucket bucket, UnaryOperator<Bucket> change) {
        store.transact(() -> table.put(Key.of(bucket.name()), change.apply(again(bucket))));
    }

    void delete(Bucket bucket) {
        table.delete(Key.of(bucket.name()));
    }
}
