package dev.viridian.services.s3;

import dev.viridian.aws.AwsErrors;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// S3's errors in S3's words.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>
final class S3Errors {
    private S3Errors() {}

    static AwsServiceException of(String code, int status, String message) {
        return AwsErrors.of(S3Exception.builder(), code, status, message);
    }

    static AwsServiceException noSuchBucket() {
        return AwsErrors.of(NoSuchBucketException.builder(), "NoSuchBucket", 404, "The specified bucket does not exist");
    }

    static AwsServiceException noSuchKey() {
        return AwsErrors.of(NoSuchKeyException.builder(), "NoSuchKey", 404, "The specified key does not exist.");
    }

    static AwsServiceException noSuchVersion() {
        return of("NoSuchVersion", 404, "The specified version does not exist.");
    }

    static AwsServiceException noSuchUpload() {
        return AwsErrors.of(NoSuchUploadException.builder(), "NoSuchUpload", 404,
                "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.");
    }

    static AwsServiceException accessDenied() {
        return of("AccessDenied", 403, "Access Denied");
    }

    static AwsServiceException invalidArgument(String message) {
        return of("InvalidArgument", 400, message);
    }

    static AwsServiceException invalidRequest(String message) {
        return of("InvalidRequest", 400, message);
    }

    static AwsServiceException malformedXml() {
        return of("MalformedXML", 400, "The XML you provided was not well-formed or did not validate against our published schema");
    }

    static AwsServiceException methodNotAllowed() {
        return of("MethodNotAllowed", 405, "The specified method is not allowed against this resource.");
    }

    static AwsServiceException preconditionFailed() {
        return of("PreconditionFailed", 412, "At least one of the pre-conditions you specified did not hold");
    }

    static AwsServiceException notModified() {
        return of("NotModified", 304, "Not Modified");
    }

    static AwsServiceException badDigest(String what) {
        return of("BadDigest", 400, "The " + what + " you specified did not match the calculated checksum.");
    }

    static AwsServiceException invalidTag(String message) {
        return of("InvalidTag", 400, message);
    }
}
