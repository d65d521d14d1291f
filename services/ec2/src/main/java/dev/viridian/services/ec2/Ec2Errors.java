package dev.viridian.services.ec2;

import dev.viridian.aws.AwsErrors;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;

/// EC2's errors: codes without classes, all of them 400.
///
/// Source: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html>
final class Ec2Errors {
    private Ec2Errors() {}

    static AwsServiceException of(String code, String message) {
        return AwsErrors.of(Ec2Exception.builder(), code, 400, message);
    }

    static AwsServiceException invalidValue(String message) {
        return of("InvalidParameterValue", message);
    }

    static AwsServiceException missing(String parameter) {
        return of("MissingParameter", "The request must contain the parameter " + parameter);
    }

    static AwsServiceException dependency(String message) {
        return of("DependencyViolation", message);
    }

    /// What `--dry-run` answers when nothing stands in the way.
    static AwsServiceException dryRun() {
        return AwsErrors.of(Ec2Exception.builder(), "DryRunOperation", 412, "Request would have succeeded, but DryRun flag is set.");
    }
}
