package dev.viridian.services.cloudwatch;

import dev.viridian.aws.AwsErrors;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudwatch.model.CloudWatchException;
import software.amazon.awssdk.services.cloudwatch.model.InvalidParameterCombinationException;
import software.amazon.awssdk.services.cloudwatch.model.InvalidParameterValueException;
import software.amazon.awssdk.services.cloudwatch.model.MissingRequiredParameterException;
import software.amazon.awssdk.services.cloudwatch.model.ResourceNotFoundException;

/// The ways CloudWatch says no.
final class Refusals {
    private Refusals() {}

    static AwsServiceException validation(String message) {
        return AwsErrors.of(CloudWatchException.builder(), "ValidationError", 400, message);
    }

    static AwsServiceException value(String message) {
        return InvalidParameterValueException.builder().message(message).build();
    }

    static AwsServiceException combination(String message) {
        return InvalidParameterCombinationException.builder().message(message).build();
    }

    static AwsServiceException missing(String message) {
        return MissingRequiredParameterException.builder().message(message).build();
    }

    /// For alarms AWS uses the older of its two codes, `ResourceNotFound`; the SDK has one class for both.
    static AwsServiceException noSuchAlarm(String message) {
        return AwsErrors.of(ResourceNotFoundException.builder(), "ResourceNotFound", 404, message);
    }

    /// For tags it is the newer one, `ResourceNotFoundException`.
    static AwsServiceException noSuchResource(String arn) {
        return AwsErrors.of(ResourceNotFoundException.builder(), "ResourceNotFoundException", 404, "Unable to find resource " + arn);
    }
}
