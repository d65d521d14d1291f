package dev.viridian.services.s3;

import dev.viridian.aws.Caller;
import java.util.List;
import java.util.Map;

/// Whether a bucket's policy lets somebody of *another* account in; the assembly connects it to IAM's evaluator. Within the owning account,
/// authorisation
/// happens before S3 is reached.
@FunctionalInterface
public interface BucketPolicies {
    /// Nobody gets in from outside.
    BucketPolicies OWNER_ONLY = (policy, owner, caller, action, resource, context) -> false;

    /// @param policy the document as it was put
    /// @param owner the account the bucket belongs to
    /// @param action e.g. `s3:GetObject`
    /// @param resource the ARN of the bucket or object
    /// @param context what the request says itself, by condition key, e.g. `s3:x-amz-acl`
    boolean allow(String policy, String owner, Caller caller, String action, String resource, Map<String, List<String>> context);
}
