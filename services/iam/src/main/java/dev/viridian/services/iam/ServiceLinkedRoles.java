package dev.viridian.services.iam;

import dev.viridian.aws.Ids;
import dev.viridian.services.iam.Identity.Kind;
import dev.viridian.services.iam.Identity.RoleDetail;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.iam.model.CreateServiceLinkedRoleRequest;
import software.amazon.awssdk.services.iam.model.CreateServiceLinkedRoleResponse;
import software.amazon.awssdk.services.iam.model.DeleteServiceLinkedRoleRequest;
import software.amazon.awssdk.services.iam.model.DeleteServiceLinkedRoleResponse;
import software.amazon.awssdk.services.iam.model.DeletionTaskStatusType;
import software.amazon.awssdk.services.iam.model.GetServiceLinkedRoleDeletionStatusRequest;
import software.amazon.awssdk.services.iam.model.GetServiceLinkedRoleDeletionStatusResponse;

/// The roles services bring along.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html>
final class ServiceLinkedRoles {
    private record Linked(String role, Optional<String> policy) {}

    private static final Map<String, Linked> KNOWN = Map.of(
            "ecs.amazonaws.com", new Linked("AWSServiceRoleForECS", Optional.of("AmazonECSServiceRolePolicy")),
            "ecs.application-autoscaling.amazonaws.com",
            new Linked("AWSServiceRoleForApplicationAutoScaling_ECSService", Optional.of("AWSApplicationAutoscalingECSServicePolicy")),
            "elasticloadbalancing.amazonaws.com", new Linked("AWSServiceRoleForElasticLoadBalancing", Optional.empty()),
            "autoscaling.amazonaws.com", new Linked("AWSServiceRoleForAutoScaling", Optional.empty()),
            "replication.ecr.amazonaws.com", new Linked("AWSServiceRoleForECRReplication", Optional.empty()),
            "codestar-notifications.amazonaws.com", new Linked("AWSServiceRoleForCodeStarNotifications",
            Optional.of("AWSCodeStarNotificationsServiceRolePolicy")));
    private static final String TASK = "task/aws-service-role/";

    private final Identities identities;

    ServiceLinkedRoles(Identities identities) {
        this.identities = identities;
    }

    CreateServiceLinkedRoleResponse create(CreateServiceLinkedRoleRequest request) {
        String service = request.awsServiceName();
        Linked linked = Optional.ofNullable(KNOWN.get(service)).orElseThrow(
                () -> IamErrors.invalidInput("Service Principal " + service + " is not supported for service-linked roles here."));
        String name = linked.role() + (request.customSuffix() == null ? "" : "_" + request.customSuffix());
        String trust = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"" + service
                + "\"},\"Action\":\"sts:AssumeRole\"}]}";
        RoleDetail detail = new RoleDetail(trust, Optional.ofNullable(request.description()), Duration.ofHours(1), Optional.empty(),
                Optional.empty());
        Identity role = create(service, name, detail);
        Identity made = linked.policy().map(policy ->
                identities.change(Kind.ROLE, name, r -> r.attach("arn:aws:iam::aws:policy/aws-service-role/" + policy))).orElse(role);
        return CreateServiceLinkedRoleResponse.builder().role(Views.listedRole(made)).build();
    }

    private Identity create(String service, String name, RoleDetail detail) {
        try {
            return identities.create(Kind.ROLE, "/aws-service-role/" + service + "/", name, Map.of(), Optional.empty(), Optional.of(detail));
        } catch (AwsServiceException e) {
            throw IamErrors.invalidInput("Service role name " + name + " has been taken in this account, please try a different suffix.");
        }
    }

    /// Nothing here uses these roles behind the caller's back, so the deletion is over when this returns.
    DeleteServiceLinkedRoleResponse delete(DeleteServiceLinkedRoleRequest request) {
        Identity role = identities.get(Kind.ROLE, request.roleName());
        if (!role.isServiceLinked()) {
            throw IamErrors.noSuchEntity("The role with name " + role.name() + " cannot be found.");
        }
        role.attached().forEach(arn -> identities.change(Kind.ROLE, role.name(), r -> r.detach(arn)));
        identities.delete(Kind.ROLE, role.name(), _ -> {});
        String service = role.path().substring("/aws-service-role/".length());
        return DeleteServiceLinkedRoleResponse.builder().deletionTaskId(TASK + service + role.name() + "/" + Ids.uuid()).build();
    }

    GetServiceLinkedRoleDeletionStatusResponse status(GetServiceLinkedRoleDeletionStatusRequest request) {
        if (!request.deletionTaskId().matches("task/aws-service-role/[^/]+/[^/]+/[0-9a-f-]{36}")) {
            throw IamErrors.noSuchEntity("Deletion task " + request.deletionTaskId() + " not found.");
        }
        return GetServiceLinkedRoleDeletionStatusResponse.builder().status(DeletionTaskStatusType.SUCCEEDED).build();
    }
}
