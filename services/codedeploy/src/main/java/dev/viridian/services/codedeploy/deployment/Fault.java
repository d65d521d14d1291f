package dev.viridian.services.codedeploy.deployment;

import java.util.List;
import software.amazon.awssdk.services.codedeploy.model.ErrorCode;

/// Why a deployment did not succeed, as `errorInformation` shows it.
///
/// Texts marked as proposals in the reference are ours; the others were observed on AWS or stand in its documentation.
public record Fault(ErrorCode code, String message) {

    static Fault alarms(List<String> names) {
        String activated = String.join(" ", names.stream().map(name -> "<" + name + ">").toList());
        return new Fault(
                ErrorCode.ALARM_ACTIVE,
                "One or more alarms have been activated according to the Amazon CloudWatch metrics you selected, and the affected deployments"
                        + " have been stopped. Activated alarms: " + activated);
    }

    static Fault alarmsUnreadable(String why) {
        return new Fault(ErrorCode.INTERNAL_ERROR, "The alarms of the deployment group could not be read: " + why);
    }

    static Fault hookFailed() {
        return new Fault(
                ErrorCode.HOOK_EXECUTION_FAILURE, "The deployment failed because one or more of the lifecycle event validation functions failed.");
    }

    static Fault hookSilent() {
        return new Fault(
                ErrorCode.TIMEOUT,
                "The deployment timed out while waiting for a status callback."
                        + " CodeDeploy expects a status callback within one hour after a deployment hook is invoked.");
    }

    static Fault notHealthyInTime() {
        return new Fault(
                ErrorCode.TIMEOUT,
                "The deployment timed out while waiting for the replacement task set to become healthy. This time out period is 60 minutes.");
    }

    static Fault notContinuedInTime(long minutes) {
        return new Fault(
                ErrorCode.TIMEOUT,
                "The deployment timed out while waiting for a notification to continue. This time out period is " + minutes + " minutes.");
    }

    static Fault stoppedByUser() {
        return new Fault(ErrorCode.MANUAL_STOP, "This deployment was stopped by user.");
    }

    static Fault unsteady() {
        return new Fault(
                ErrorCode.HEALTH_CONSTRAINTS,
                "The replacement task set did not reach a steady state again within 5 minutes while production traffic was being shifted to it.");
    }

    /// Observed on AWS, with the older SDK's way of quoting an error.
    static Fault ecsUpdate(String message, String errorCode, String requestId) {
        return new Fault(
                ErrorCode.ECS_UPDATE_ERROR,
                "The ECS service cannot be updated due to an unexpected error: " + message
                        + " (Service: AmazonECS; Status Code: 400; Error Code: " + errorCode + "; Request ID: " + requestId + "; Proxy: null)."
                        + " Check your ECS service status.");
    }

    static Fault taskSetGone(String which) {
        return new Fault(ErrorCode.ECS_UPDATE_ERROR, "The " + which + " task set of the deployment no longer exists. Check your ECS service status.");
    }

    static Fault serviceUnusable(String why) {
        return new Fault(ErrorCode.INVALID_ECS_SERVICE, why);
    }

    static Fault primaryNotBehind(String listener) {
        return elb("Primary taskset target group must be behind listener " + listener);
    }

    static Fault elb(String why) {
        return new Fault(ErrorCode.ELASTIC_LOAD_BALANCING_INVALID, "The ELB could not be updated due to the following error: " + why);
    }

    static Fault role(String roleArn, String service) {
        return new Fault(
                ErrorCode.IAM_ROLE_PERMISSIONS,
                "The IAM role " + roleArn + " does not give you permission to perform operations in the following AWS service: " + service + ".");
    }

    static Fault revision(String why) {
        return new Fault(ErrorCode.INVALID_REVISION, why);
    }

    static Fault revisionMissing(String why) {
        return new Fault(ErrorCode.REVISION_MISSING, why);
    }

    static Fault internal(String why) {
        return new Fault(ErrorCode.INTERNAL_ERROR, why);
    }
}
