package dev.viridian.services.elbv2;

import dev.viridian.aws.AwsErrors;
import java.util.List;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.*;

/// The ways Elastic Load Balancing says no. Wordings as published for the real service, unless a method says they are ours.
final class Refusals {
    private Refusals() {}

    static AwsServiceException validation(String message) {
        return AwsErrors.of(ElasticLoadBalancingV2Exception.builder(), "ValidationError", 400, message);
    }

    static void require(boolean holds, String message) {
        if (!holds) {
            throw validation(message);
        }
    }

    static RuntimeException noLoadBalancer() {
        return LoadBalancerNotFoundException.builder().message("One or more load balancers not found").build();
    }

    /// Seen of one name, in a report to Terraform (terraform-provider-aws 10669); that of several all that are missing are named is a guess.
    static RuntimeException noLoadBalancers(List<String> names) {
        return LoadBalancerNotFoundException.builder().message("Load balancers '[" + String.join(", ", names) + "]' not found").build();
    }

    static RuntimeException noTargetGroup() {
        return TargetGroupNotFoundException.builder().message("One or more target groups not found").build();
    }

    static RuntimeException noListener() {
        return ListenerNotFoundException.builder().message("One or more listeners not found").build();
    }

    static RuntimeException noRule() {
        return RuleNotFoundException.builder().message("One or more rules not found").build();
    }

    static RuntimeException configuration(String message) {
        return InvalidConfigurationRequestException.builder().message(message).build();
    }

    static RuntimeException notPermitted(String message) {
        return OperationNotPermittedException.builder().message(message).build();
    }
}
