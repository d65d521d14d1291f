package dev.viridian.wire.protocol;

import dev.viridian.wire.auth.AuthFailure;

/// How a family of services words a refused signature.
///
/// Source: answers of the services as SDKs know them; codes from "Common errors" in the API references.
public enum AuthStyle {
    JSON, QUERY, EC2, S3;

    public Failure failure(AuthFailure failure) {
        return switch (this) {
            case JSON -> json(failure);
            case QUERY -> query(failure);
            case EC2 -> ec2(failure);
            case S3 -> s3(failure);
        };
    }

    private static Failure json(AuthFailure failure) {
        String message = failure.getMessage();
        return switch (failure.reason()) {
            case UNSIGNED -> Failure.of("MissingAuthenticationTokenException", 400, "Missing Authentication Token");
            case MALFORMED -> Failure.of("IncompleteSignatureException", 400, message);
            case UNKNOWN_KEY, WRONG_TOKEN -> Failure.of("UnrecognizedClientException", 400, message);
            case EXPIRED_TOKEN -> Failure.of("ExpiredTokenException", 400, message);
            case WRONG_SIGNATURE, WRONG_BODY_HASH, TOO_OLD, NOT_YET_CURRENT, LINK_EXPIRED, LINK_TOO_LONG ->
                    Failure.of("InvalidSignatureException", 400, message);
        };
    }

    private static Failure query(AuthFailure failure) {
        String message = failure.getMessage();
        return switch (failure.reason()) {
            case UNSIGNED -> Failure.of("MissingAuthenticationToken", 403, "Request is missing Authentication Token");
            case MALFORMED -> Failure.of("IncompleteSignature", 400, message);
            case UNKNOWN_KEY, WRONG_TOKEN -> Failure.of("InvalidClientTokenId", 403, message);
            case EXPIRED_TOKEN -> Failure.of("ExpiredToken", 403, message);
            case WRONG_SIGNATURE, WRONG_BODY_HASH, TOO_OLD, NOT_YET_CURRENT, LINK_EXPIRED, LINK_TOO_LONG ->
                    Failure.of("SignatureDoesNotMatch", 403, message);
        };
    }

    private static Failure ec2(AuthFailure failure) {
        return switch (failure.reason()) {
            case UNSIGNED -> Failure.of("MissingAuthenticationToken", 403, "Request is missing Authentication Token");
            case UNKNOWN_KEY, WRONG_SIGNATURE, WRONG_TOKEN, WRONG_BODY_HASH ->
                    Failure.of("AuthFailure", 401, "AWS was not able to validate the provided access credentials");
            case EXPIRED_TOKEN, TOO_OLD, LINK_EXPIRED -> Failure.of("RequestExpired", 400, "Request has expired.");
            case MALFORMED, NOT_YET_CURRENT, LINK_TOO_LONG -> Failure.of("AuthFailure", 401, failure.getMessage());
        };
    }

    private static Failure s3(AuthFailure failure) {
        return switch (failure.reason()) {
            case UNSIGNED -> Failure.of("AccessDenied", 403, "Access Denied");
            case MALFORMED -> Failure.of("AuthorizationHeaderMalformed", 400, "The authorization header is malformed; " + failure.getMessage());
            case UNKNOWN_KEY -> Failure.of("InvalidAccessKeyId", 403, "The AWS Access Key Id you provided does not exist in our records.");
            case WRONG_TOKEN -> Failure.of("InvalidToken", 400, "The provided token is malformed or otherwise invalid.");
            case EXPIRED_TOKEN -> Failure.of("ExpiredToken", 400, "The provided token has expired.");
            case WRONG_SIGNATURE, WRONG_BODY_HASH -> Failure.of("SignatureDoesNotMatch", 403,
                    "The request signature we calculated does not match the signature you provided. Check your key and signing method.");
            case TOO_OLD, NOT_YET_CURRENT -> Failure.of("RequestTimeTooSkewed", 403,
                    "The difference between the request time and the current time is too large.");
            case LINK_EXPIRED -> Failure.of("AccessDenied", 403, failure.getMessage());
            case LINK_TOO_LONG -> Failure.of("AuthorizationQueryParametersError", 400, failure.getMessage());
        };
    }
}
