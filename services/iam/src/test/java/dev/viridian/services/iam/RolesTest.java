package dev.viridian.services.iam;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.iam.model.AttachedPolicy;
import software.amazon.awssdk.services.iam.model.ListRolesResponse;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.iam.model.Tag;

class RolesTest {
    private static final String FOR_ECS = "arn:aws:iam::aws:policy/AWSCodeDeployRoleForECS";
    private final IamWorld world = new IamWorld();

    private Role create(String name) {
        return world.root(() -> world.iam.createRole(b -> b.roleName(name).assumeRolePolicyDocument(IamWorld.TRUST_ECS))).role();
    }

    @Test
    void a_role_is_made_once_and_its_trust_policy_comes_back_encoded() {
        Role role = create("ecsCodeDeployRole");
        assertThat(role.arn()).isEqualTo("arn:aws:iam::111122223333:role/ecsCodeDeployRole");
        assertThat(role.roleId()).startsWith("AROA").hasSize(21);
        Role found = world.root(() -> world.iam.getRole(b -> b.roleName("ecsCodeDeployRole"))).role();
        assertThat(found.assumeRolePolicyDocument()).startsWith("%7B%22Version%22%3A%20%222012-10-17%22");
        assertThat(URLDecoder.decode(found.assumeRolePolicyDocument(), StandardCharsets.UTF_8)).isEqualTo(IamWorld.TRUST_ECS);
        assertThat(found.maxSessionDuration()).isEqualTo(3600);
        world.refused("EntityAlreadyExists", () -> create("ecsCodeDeployRole"))
                .hasMessageContaining("Role with name ecsCodeDeployRole already exists.");
        world.refused("EntityAlreadyExists", () -> create("ECSCodeDeployRole"));
        world.refused("NoSuchEntity", () -> world.iam.getRole(b -> b.roleName("none")))
                .hasMessageContaining("The role with name none cannot be found.");
    }

    @Test
    void a_policy_of_aws_is_attached_by_arn_and_an_unknown_one_is_not() {
        create("r");
        world.root(() -> world.iam.attachRolePolicy(b -> b.roleName("r").policyArn(FOR_ECS)));
        assertThat(world.root(() -> world.iam.listAttachedRolePolicies(b -> b.roleName("r"))).attachedPolicies())
                .containsExactly(AttachedPolicy.builder().policyName("AWSCodeDeployRoleForECS").policyArn(FOR_ECS).build());
        world.refused("NoSuchEntity", () -> world.iam.attachRolePolicy(b -> b.roleName("r").policyArn("arn:aws:iam::aws:policy/Wrong")))
                .hasMessageContaining("Policy arn:aws:iam::aws:policy/Wrong does not exist or is not attachable.");
        String document = world.root(() -> world.iam.getPolicyVersion(b -> b.policyArn(FOR_ECS).versionId("v3"))).policyVersion().document();
        assertThat(URLDecoder.decode(document, StandardCharsets.UTF_8)).contains("ecs:CreateTaskSet");
    }

    @Test
    void a_role_with_policies_cannot_be_deleted() {
        create("r");
        world.root(() -> world.iam.attachRolePolicy(b -> b.roleName("r").policyArn(FOR_ECS)));
        world.refused("DeleteConflict", () -> world.iam.deleteRole(b -> b.roleName("r")))
                .hasMessageContaining("Cannot delete entity, must detach all policies first.");
        world.root(() -> world.iam.detachRolePolicy(b -> b.roleName("r").policyArn(FOR_ECS)));
        world.root(() -> world.iam.putRolePolicy(b -> b.roleName("r").policyName("p").policyDocument(IamWorld.allow("s3:*", "*"))));
        world.refused("DeleteConflict", () -> world.iam.deleteRole(b -> b.roleName("r")))
                .hasMessageContaining("Cannot delete entity, must delete policies first.");
        world.root(() -> world.iam.deleteRolePolicy(b -> b.roleName("r").policyName("p")));
        world.root(() -> world.iam.deleteRole(b -> b.roleName("r")));
        world.refused("NoSuchEntity", () -> world.iam.detachRolePolicy(b -> b.roleName("r").policyArn(FOR_ECS)));
    }

    @Test
    void a_trust_policy_must_be_one() {
        world.refused("MalformedPolicyDocument", () -> trusting("{nonsense")).hasMessageContaining("This policy contains invalid Json");
        world.refused("MalformedPolicyDocument", () -> trusting(IamWorld.allow("sts:AssumeRole", "*")))
                .hasMessageContaining("Has prohibited field Resource");
        world.refused("MalformedPolicyDocument", () -> trusting(IamWorld.trust("\"AWS\": \"arn:aws:iam::111122223333:user/nobody\"")))
                .hasMessageContaining("Invalid principal in policy: \"AWS\":\"arn:aws:iam::111122223333:user/nobody\"");
        world.refused("MalformedPolicyDocument", () -> trusting(IamWorld.trust("\"Service\": \"nonsense\"")));
        world.refused("MalformedPolicyDocument", () -> trusting(IamWorld.TRUST_ECS.replace("sts:AssumeRole", "s3:GetObject")));
    }

    private Role trusting(String document) {
        return world.iam.createRole(b -> b.roleName("t").assumeRolePolicyDocument(document)).role();
    }

    @Test
    void an_instance_profile_holds_one_role() {
        create("r");
        world.root(() -> world.iam.createInstanceProfile(b -> b.instanceProfileName("p")));
        world.root(() -> world.iam.addRoleToInstanceProfile(b -> b.instanceProfileName("p").roleName("r")));
        world.refused("LimitExceeded", () -> world.iam.addRoleToInstanceProfile(b -> b.instanceProfileName("p").roleName("r")));
        assertThat(world.root(() -> world.iam.getInstanceProfile(b -> b.instanceProfileName("p"))).instanceProfile().roles())
                .extracting(Role::roleName).containsExactly("r");
        world.refused("DeleteConflict", () -> world.iam.deleteRole(b -> b.roleName("r")))
                .hasMessageContaining("must remove roles from instance profile first.");
        world.refused("DeleteConflict", () -> world.iam.deleteInstanceProfile(b -> b.instanceProfileName("p")));
        world.root(() -> world.iam.removeRoleFromInstanceProfile(b -> b.instanceProfileName("p").roleName("r")));
        world.root(() -> world.iam.deleteInstanceProfile(b -> b.instanceProfileName("p")));
        world.refused("NoSuchEntity", () -> world.iam.getInstanceProfile(b -> b.instanceProfileName("p")))
                .hasMessageContaining("Instance Profile p cannot be found.");
    }

    @Test
    void lists_come_in_pages() {
        for (int n = 0; n < 5; n++) {
            create("r" + n);
        }
        ListRolesResponse first = world.root(() -> world.iam.listRoles(b -> b.maxItems(3)));
        assertThat(first.roles()).extracting(Role::roleName).containsExactly("r0", "r1", "r2");
        assertThat(first.isTruncated()).isTrue();
        ListRolesResponse second = world.root(() -> world.iam.listRoles(b -> b.marker(first.marker())));
        assertThat(second.roles()).extracting(Role::roleName).containsExactly("r3", "r4");
        assertThat(second.isTruncated()).isFalse();
        world.refused("ValidationError", () -> world.iam.listRoles(b -> b.marker("??")));
    }

    @Test
    void a_service_linked_role_belongs_to_its_service() {
        Role role = world.root(() -> world.iam.createServiceLinkedRole(b -> b.awsServiceName("ecs.amazonaws.com"))).role();
        assertThat(role.arn()).isEqualTo("arn:aws:iam::111122223333:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS");
        world.refused("InvalidInput", () -> world.iam.createServiceLinkedRole(b -> b.awsServiceName("ecs.amazonaws.com")))
                .hasMessageContaining("Service role name AWSServiceRoleForECS has been taken in this account, please try a different suffix.");
        world.refused("UnmodifiableEntity", () -> world.iam.deleteRole(b -> b.roleName("AWSServiceRoleForECS")));
        String task = world.root(() -> world.iam.deleteServiceLinkedRole(b -> b.roleName("AWSServiceRoleForECS"))).deletionTaskId();
        assertThat(world.root(() -> world.iam.getServiceLinkedRoleDeletionStatus(b -> b.deletionTaskId(task))).statusAsString())
                .isEqualTo("SUCCEEDED");
        world.refused("NoSuchEntity", () -> world.iam.getRole(b -> b.roleName("AWSServiceRoleForECS")));
    }

    @Test
    void tags_and_descriptions_are_kept() {
        create("r");
        world.root(() -> world.iam.tagRole(b -> b.roleName("r")
                .tags(Tag.builder().key("b").value("2").build(), Tag.builder().key("a").value("1").build())));
        world.root(() -> world.iam.untagRole(b -> b.roleName("r").tagKeys("b")));
        world.root(() -> world.iam.updateRole(b -> b.roleName("r").description("for tasks").maxSessionDuration(7200)));
        Role role = world.root(() -> world.iam.getRole(b -> b.roleName("r"))).role();
        assertThat(role.tags()).containsExactly(Tag.builder().key("a").value("1").build());
        assertThat(role.description()).isEqualTo("for tasks");
        assertThat(role.maxSessionDuration()).isEqualTo(7200);
    }
}
