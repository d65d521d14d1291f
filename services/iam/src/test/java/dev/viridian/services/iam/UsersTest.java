package dev.viridian.services.iam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.aws.Principal;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.iam.model.AccessKey;
import software.amazon.awssdk.services.iam.model.Group;
import software.amazon.awssdk.services.iam.model.ServiceSpecificCredential;
import software.amazon.awssdk.services.iam.model.StatusType;
import software.amazon.awssdk.services.iam.model.User;

class UsersTest {
    private final IamWorld world = new IamWorld();

    @Test
    void the_first_key_is_root_of_the_default_account_and_twelve_digits_are_root_of_theirs() {
        KnownKey first = world.iam.accessKey("test").orElseThrow();
        assertThat(first.secret()).isEqualTo("test");
        assertThat(first.principal()).isEqualTo(new Principal.Root("111122223333"));
        assertThat(world.iam.accessKey("444455556666").orElseThrow().account()).isEqualTo("444455556666");
        assertThat(world.iam.accessKey("AKIAUNKNOWN")).isEmpty();
    }

    @Test
    void a_key_speaks_for_its_user_and_shows_its_secret_once() {
        Principal.User dev = world.user("dev");
        AccessKey key = world.root(() -> world.iam.createAccessKey(b -> b.userName("dev"))).accessKey();
        assertThat(key.accessKeyId()).startsWith("AKIA").hasSize(20);
        assertThat(key.secretAccessKey()).hasSize(40);
        KnownKey known = world.iam.accessKey(key.accessKeyId()).orElseThrow();
        assertThat(known.principal()).isEqualTo(dev);
        assertThat(known.secret()).isEqualTo(key.secretAccessKey());
        assertThat(known.toString()).doesNotContain(key.secretAccessKey());
        world.root(() -> world.iam.updateAccessKey(b -> b.userName("dev").accessKeyId(key.accessKeyId()).status(StatusType.INACTIVE)));
        assertThat(world.iam.accessKey(key.accessKeyId()).orElseThrow().active()).isFalse();
        world.root(() -> world.iam.createAccessKey(b -> b.userName("dev")));
        world.refused("LimitExceeded", () -> world.iam.createAccessKey(b -> b.userName("dev")))
                .hasMessageContaining("Cannot exceed quota for AccessKeysPerUser: 2");
        assertThat(world.root(() -> world.iam.listAccessKeys(b -> b.userName("dev"))).accessKeyMetadata()).hasSize(2);
    }

    @Test
    void a_user_acts_on_itself_when_it_names_nobody() {
        Principal.User dev = world.user("dev");
        assertThat(world.as(dev, () -> world.iam.getUser()).user().userName()).isEqualTo("dev");
        assertThat(world.as(dev, () -> world.iam.createAccessKey()).accessKey().userName()).isEqualTo("dev");
        assertThat(world.root(() -> world.iam.getUser()).user().arn()).isEqualTo("arn:aws:iam::111122223333:root");
        world.refused("ValidationError", new Principal.RoleSession(IamWorld.ACCOUNT, "r", "AROA", "s"), () -> world.iam.getUser())
                .hasMessageContaining("Must specify userName when calling with non-User credentials");
    }

    @Test
    void a_user_goes_only_when_nothing_hangs_on_it() {
        world.user("dev");
        String key = world.root(() -> world.iam.createAccessKey(b -> b.userName("dev"))).accessKey().accessKeyId();
        world.refused("DeleteConflict", () -> world.iam.deleteUser(b -> b.userName("dev"))).hasMessageContaining("must delete access keys first.");
        world.root(() -> world.iam.deleteAccessKey(b -> b.userName("dev").accessKeyId(key)));
        world.root(() -> world.iam.createGroup(b -> b.groupName("devs")));
        world.root(() -> world.iam.addUserToGroup(b -> b.groupName("devs").userName("dev")));
        world.refused("DeleteConflict", () -> world.iam.deleteUser(b -> b.userName("dev")));
        world.refused("DeleteConflict", () -> world.iam.deleteGroup(b -> b.groupName("devs")));
        assertThat(world.root(() -> world.iam.getGroup(b -> b.groupName("devs"))).users()).extracting(User::userName).containsExactly("dev");
        assertThat(world.root(() -> world.iam.listGroupsForUser(b -> b.userName("dev"))).groups()).extracting(Group::groupName)
                .containsExactly("devs");
        world.root(() -> world.iam.removeUserFromGroup(b -> b.groupName("devs").userName("dev")));
        world.root(() -> world.iam.deleteUser(b -> b.userName("dev")));
        world.refused("NoSuchEntity", () -> world.iam.getUser(b -> b.userName("dev")))
                .hasMessageContaining("The user with name dev cannot be found.");
    }

    @Test
    void git_credentials_log_in_until_they_are_switched_off() {
        Principal.User dev = world.user("dev");
        ServiceSpecificCredential one = credential("dev");
        assertThat(one.serviceUserName()).isEqualTo("dev-at-111122223333");
        assertThat(one.servicePassword()).hasSize(44);
        assertThat(credential("dev").serviceUserName()).isEqualTo("dev+1-at-111122223333");
        world.refused("LimitExceeded", () -> credential("dev"));
        assertThat(world.iam.gitLogin(one.serviceUserName(), one.servicePassword())).contains(new GitLogin(dev, IamWorld.ACCOUNT));
        assertThat(world.iam.gitLogin(one.serviceUserName(), "wrong")).isEmpty();
        world.root(() -> world.iam.updateUser(b -> b.userName("dev").newUserName("developer")));
        assertThat(world.iam.gitLogin(one.serviceUserName(), one.servicePassword()).orElseThrow().principal().arn()).endsWith(":user/developer");
        String next = world.root(() -> world.iam.resetServiceSpecificCredential(b ->
                b.serviceSpecificCredentialId(one.serviceSpecificCredentialId())))
                .serviceSpecificCredential().servicePassword();
        assertThat(world.iam.gitLogin(one.serviceUserName(), one.servicePassword())).isEmpty();
        world.root(() -> world.iam.updateServiceSpecificCredential(b -> b.serviceSpecificCredentialId(one.serviceSpecificCredentialId())
                .status(StatusType.INACTIVE)));
        assertThat(world.iam.gitLogin(one.serviceUserName(), next)).isEmpty();
        world.refused("NotSupportedService", () -> world.iam.createServiceSpecificCredential(b -> b.userName("developer")
                .serviceName("s3.amazonaws.com")));
    }

    private ServiceSpecificCredential credential(String user) {
        return world.root(() -> world.iam.createServiceSpecificCredential(b -> b.userName(user).serviceName("codecommit.amazonaws.com")))
                .serviceSpecificCredential();
    }

    @Test
    void a_git_credential_may_end_by_itself() {
        world.user("dev");
        ServiceSpecificCredential made = world.root(() -> world.iam.createServiceSpecificCredential(
                b -> b.userName("dev").serviceName("codecommit.amazonaws.com").credentialAgeDays(1))).serviceSpecificCredential();
        assertThat(world.iam.gitLogin(made.serviceUserName(), made.servicePassword())).isPresent();
        world.time.advance(Duration.ofDays(1));
        assertThat(world.iam.gitLogin(made.serviceUserName(), made.servicePassword())).isEmpty();
    }

    @Test
    void a_managed_policy_has_at_most_five_versions() {
        String arn = world.root(() -> world.iam.createPolicy(b -> b.policyName("p").policyDocument(IamWorld.allow("s3:*", "*")))).policy().arn();
        for (int n = 2; n <= 5; n++) {
            world.root(() -> world.iam.createPolicyVersion(b -> b.policyArn(arn).policyDocument(IamWorld.allow("ec2:*", "*")).setAsDefault(true)));
        }
        world.refused("LimitExceeded", () -> world.iam.createPolicyVersion(b -> b.policyArn(arn).policyDocument(IamWorld.allow("ec2:*", "*"))));
        world.refused("DeleteConflict", () -> world.iam.deletePolicyVersion(b -> b.policyArn(arn).versionId("v5")));
        world.refused("DeleteConflict", () -> world.iam.deletePolicy(b -> b.policyArn(arn)));
        world.root(() -> world.iam.deletePolicyVersion(b -> b.policyArn(arn).versionId("v1")));
        assertThat(world.root(() -> world.iam.getPolicy(b -> b.policyArn(arn))).policy().defaultVersionId()).isEqualTo("v5");
        world.refused("EntityAlreadyExists", () -> world.iam.createPolicy(b -> b.policyName("p").policyDocument(IamWorld.allow("s3:*", "*"))))
                .hasMessageContaining("A policy called p already exists. Duplicate names are not allowed.");
    }

    @Test
    void a_policy_document_must_be_one() {
        world.user("dev");
        world.refused("MalformedPolicyDocument", () -> put("{nonsense")).hasMessageContaining("Syntax errors in policy.");
        world.refused("MalformedPolicyDocument", () -> put("{\"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"s3:*\"}]}"))
                .hasMessageContaining("must contain resources");
        world.refused("MalformedPolicyDocument", () -> put("{\"Statement\": [{\"Effect\": \"Allow\", \"Resource\": \"*\"}]}"))
                .hasMessageContaining("must contain actions");
        world.refused("MalformedPolicyDocument", () -> put(IamWorld.allow("GetObject", "*"))).hasMessageContaining("must be prefaced by a vendor");
        world.refused("MalformedPolicyDocument", () -> put(IamWorld.allow("s3:*", "bucket"))).hasMessageContaining("must be in ARN format or \"*\"");
        world.refused("MalformedPolicyDocument", () -> put(IamWorld.TRUST_ECS)).hasMessageContaining("should not specify a principal");
        world.refused("LimitExceeded", () -> put(IamWorld.allow("s3:*", "arn:aws:s3:::" + "x".repeat(2100))));
    }

    private Object put(String document) {
        return world.iam.putUserPolicy(b -> b.userName("dev").policyName("p").policyDocument(document));
    }
}
