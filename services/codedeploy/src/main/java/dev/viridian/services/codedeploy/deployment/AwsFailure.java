package dev.viridian.services.codedeploy.deployment;

import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudwatch.model.CloudWatchException;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ElasticLoadBalancingV2Exception;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// An error another service answered with, read for what it means to a deployment.
public record AwsFailure(AwsServiceException cause) {
    private static final Set<String> DENIED = Set.of("AccessDenied", "AccessDeniedException", "UnauthorizedOperation");
    private static final Set<String> PASSING =
            Set.of("Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequestsException", "ServerException");

    /// Whether trying again later may help: the service is busy or broken, not the request.
    boolean mayPass() {
        return cause.statusCode() >= 500 || PASSING.contains(code());
    }

    public boolean isDenied() {
        return DENIED.contains(code());
    }

    /// Without the text the SDK adds for humans (service, status, request id).
    public String message() {
        return details().map(AwsErrorDetails::errorMessage).orElseGet(() -> String.valueOf(cause.getMessage()));
    }

    String code() {
        return details().map(AwsErrorDetails::errorCode).orElseGet(() -> cause.getClass().getSimpleName());
    }

    private Optional<AwsErrorDetails> details() {
        return Optional.ofNullable(cause.awsErrorDetails()).filter(details -> details.errorCode() != null && details.errorMessage() != null);
    }

    /// As `errorInformation` tells it.
    Fault fault(String role) {
        if (isDenied()) {
            return Fault.role(role, serviceName());
        }
        return switch (cause) {
            case EcsException _ -> Fault.ecsUpdate(message(), code(), requestId());
            case ElasticLoadBalancingV2Exception _ -> Fault.elb(message());
            case CloudWatchException _ -> Fault.alarmsUnreadable(message());
            default -> Fault.internal(message());
        };
    }

    private String serviceName() {
        return switch (cause) {
            case EcsException _ -> "AmazonECS";
            case ElasticLoadBalancingV2Exception _ -> "AmazonElasticLoadBalancingV2";
            case CloudWatchException _ -> "AmazonCloudWatch";
            case S3Exception _ -> "AmazonS3";
            default -> cause.getClass().getSimpleName().replace("Exception", "");
        };
    }

    private String requestId() {
        return Optional.ofNullable(cause.requestId()).orElse("null");
    }
}
