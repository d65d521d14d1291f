package dev.viridian.services.iam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.aws.Caller;
import dev.viridian.aws.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleResponse;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;

class StsTest {
    private static final String ROLE = "arn:aws:iam::111122223333:role/deployer";
    private final IamWorld world = new IamWorld();

    private void role(String trust) {
        world.root(() -> world.iam.createRole(b -> b.roleName("deployer").assumeRolePolicyDocument(trust)));
    }

    private AssumeRoleResponse assume(Principal principal) {
        return world.as(principal, () -> world.sts.assumeRole(request().build()));
    }

    private static AssumeRoleRequest.Builder request() {
        return AssumeRoleRequest.builder().roleArn(ROLE).roleSessionName("build-1");
    }

    @Test
    void a_session_is_real_and_ends() {
        role(IamWorld.trust("\"Service\": \"codebuild.amazonaws.com\""));
        AssumeRoleResponse assumed = assume(new Principal.Service("codebuild.amazonaws.com"));
        assertThat(assumed.credentials().accessKeyId()).startsWith("ASIA");
        assertThat(assumed.assumedRoleUser().arn()).isEqualTo("arn:aws:sts::111122223333:assumed-role/deployer/build-1");
        KnownKey key = world.iam.accessKey(assumed.credentials().accessKeyId()).orElseThrow();
        assertThat(key.sessionToken()).contains(assumed.credentials().sessionToken());
        assertThat(key.expires()).contains(world.time.now().plus(Duration.ofHours(1)));
        GetCallerIdentityResponse who = world.as(key.principal(), () -> world.sts.getCallerIdentity());
        assertThat(who.arn()).isEqualTo(assumed.assumedRoleUser().arn());
        assertThat(who.userId()).isEqualTo(assumed.assumedRoleUser().assumedRoleId());
        assertThat(world.root(() -> world.iam.getRole(b -> b.roleName("deployer"))).role().roleLastUsed().lastUsedDate()).isEqualTo(world.time.now());
    }

    @Test
    void who_is_not_trusted_hears_the_same_as_for_a_role_that_does_not_exist() {
        Principal.User dev = world.user("dev");
        String message = "User: arn:aws:iam::111122223333:user/dev is not authorized to perform: sts:AssumeRole on resource: " + ROLE;
        world.refused("AccessDenied", dev, () -> world.sts.assumeRole(request().build())).hasMessageContaining(message);
        role(IamWorld.TRUST_ECS);
        world.refused("AccessDenied", dev, () -> world.sts.assumeRole(request().build())).hasMessageContaining(message);
    }

    @Test
    void naming_a_user_is_enough_but_naming_the_account_leaves_it_to_the_accounts_policies() {
        Principal.User named = world.user("named");
        Principal.User other = world.user("other");
        role("{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Principal\": {\"AWS\": [\"" + named.arn()
                + "\", \"arn:aws:iam::111122223333:root\"]}, \"Action\": \"sts:AssumeRole\"}]}");
        assertThat(assume(named).credentials()).isNotNull();
        world.refused("AccessDenied", other, () -> world.sts.assumeRole(request().build()));
        world.root(() -> world.iam.putUserPolicy(b -> b.userName("other").policyName("p").policyDocument(IamWorld.allow("sts:AssumeRole", ROLE))));
        assertThat(assume(other).credentials()).isNotNull();
        assertThat(assume(new Principal.Root(IamWorld.ACCOUNT)).credentials()).isNotNull();
    }

    @Test
    void an_external_id_may_be_demanded() {
        Principal.Root root = new Principal.Root(IamWorld.ACCOUNT);
        role(IamWorld.TRUST_ACCOUNT.replace("\"Action\"", "\"Condition\": {\"StringEquals\": {\"sts:ExternalId\": \"42\"}}, \"Action\""));
        world.refused("AccessDenied", root, () -> world.sts.assumeRole(request().build()));
        assertThat(world.as(root, () -> world.sts.assumeRole(request().externalId("42").build())).credentials()).isNotNull();
    }

    @Test
    void another_account_needs_both_sides() {
        role(IamWorld.trust("\"AWS\": \"444455556666\""));
        assertThat(Caller.get(new Caller("444455556666", "eu-west-1", new Principal.Root("444455556666"), "r"),
                () -> world.sts.assumeRole(request().build())).assumedRoleUser().arn()).contains("::111122223333:");
        world.refused("AccessDenied", new Principal.Root("777788889999"), () -> world.sts.assumeRole(request().build()));
    }

    @Test
    void a_session_lasts_no_longer_than_the_role_lets_it() {
        role(IamWorld.TRUST_ACCOUNT);
        Principal.Root root = new Principal.Root(IamWorld.ACCOUNT);
        world.refused("ValidationError", root, () -> world.sts.assumeRole(request().durationSeconds(7200).build()))
                .hasMessageContaining("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
        world.root(() -> world.iam.updateRole(b -> b.roleName("deployer").maxSessionDuration(7200)));
        assertThat(world.as(root, () -> world.sts.assumeRole(request().durationSeconds(7200).build())).credentials().expiration())
                .isEqualTo(world.time.now().plus(Duration.ofHours(2)));
    }

    @Test
    void a_user_may_have_a_session_of_its_own_but_a_session_may_not() {
        Principal.User dev = world.user("dev");
        String id = world.as(dev, () -> world.sts.getSessionToken()).credentials().accessKeyId();
        assertThat(world.iam.accessKey(id).orElseThrow().principal()).isEqualTo(dev);
        assertThat(world.root(() -> world.sts.getAccessKeyInfo(b -> b.accessKeyId(id))).account()).isEqualTo(IamWorld.ACCOUNT);
        world.refused("AccessDenied", new Principal.RoleSession(IamWorld.ACCOUNT, "r", "AROA", "s"), () -> world.sts.getSessionToken());
    }

    @Test
    void a_session_policy_narrows_what_the_role_may() {
        role(IamWorld.TRUST_ACCOUNT);
        world.root(() -> world.iam.putRolePolicy(b -> b.roleName("deployer").policyName("p").policyDocument(IamWorld.allow("s3:*", "*"))));
        String wide = assume(new Principal.Root(IamWorld.ACCOUNT)).credentials().accessKeyId();
        String narrow = world.root(() -> world.sts.assumeRole(request().policy(IamWorld.allow("s3:GetObject", "*")).build())).credentials()
                .accessKeyId();
        assertThat(may(wide, "s3:PutObject")).isTrue();
        assertThat(may(narrow, "s3:PutObject")).isFalse();
        assertThat(may(narrow, "s3:GetObject")).isTrue();
        assertThat(may(wide, "ec2:DescribeVpcs")).isFalse();
    }

    private boolean may(String keyId, String action) {
        return world.iam.decide(IamWorld.caller(world.iam.accessKey(keyId).orElseThrow().principal()), Optional.of(keyId), action, "*",
                Optional.empty(), Map.of()).allowed();
    }

    @Test
    void a_bucket_policy_lets_another_account_in_when_that_account_lets_its_user_out() {
        Principal.User dev = world.user("dev");
        Optional<ResourcePolicy> policy = Optional.of(new ResourcePolicy("""
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": "111122223333"},
                 "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}}""",
                "444455556666"));
        assertThat(world.iam.decide(IamWorld.caller(dev), Optional.empty(), "s3:GetObject", "arn:aws:s3:::b/k", policy, Map.of()).allowed())
                .isFalse();
        world.root(() -> world.iam.putUserPolicy(b -> b.userName("dev").policyName("p")
                .policyDocument(IamWorld.allow("s3:GetObject", "arn:aws:s3:::b/*"))));
        assertThat(world.iam.decide(IamWorld.caller(dev), Optional.empty(), "s3:GetObject", "arn:aws:s3:::b/k", policy, Map.of()).allowed()).isTrue();
        assertThat(world.iam.decide(IamWorld.caller(dev), Optional.empty(), "s3:PutObject", "arn:aws:s3:::b/k", policy, Map.of()).allowed())
                .isFalse();
    }

    @Test
    void the_simulator_agrees_with_the_evaluator() {
        Principal.User dev = world.user("dev");
        world.root(() -> world.iam.createGroup(b -> b.groupName("devs")));
        world.root(() -> world.iam.addUserToGroup(b -> b.groupName("devs").userName("dev")));
        world.root(() -> world.iam.putGroupPolicy(b -> b.groupName("devs").policyName("p").policyDocument(IamWorld.allow("s3:Get*", "*"))));
        world.root(() -> world.iam.putUserPolicy(b -> b.userName("dev").policyName("p")
                .policyDocument(IamWorld.allow("*", "*").replace("Allow", "Deny").replace("\"*\", \"R", "\"s3:GetBucketPolicy\", \"R"))));
        List<String> decisions = world.root(() -> world.iam.simulatePrincipalPolicy(
                b -> b.policySourceArn(dev.arn()).actionNames("s3:GetObject", "s3:GetBucketPolicy", "s3:PutObject"))).evaluationResults().stream()
                .map(r -> r.evalDecisionAsString()).toList();
        assertThat(decisions).containsExactly("allowed", "explicitDeny", "implicitDeny");
        assertThat(world.iam.decide(IamWorld.caller(dev), Optional.empty(), "s3:PutObject", "*", Optional.empty(), Map.of()).because("s3:PutObject"))
                .isEqualTo(" because no identity-based policy allows the s3:PutObject action");
    }
}
