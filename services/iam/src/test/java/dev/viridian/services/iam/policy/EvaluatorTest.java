package dev.viridian.services.iam.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.aws.Principal;
import dev.viridian.services.iam.policy.Evaluator.Policies;
import dev.viridian.services.iam.policy.Evaluator.Verdict;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvaluatorTest {
    private static final String MINE = "111122223333";
    private static final Principal.User DEV = new Principal.User(MINE, "dev", "AIDAAAAAAAAAAAAAAAAAA");
    private static final Principal.RoleSession SESSION = new Principal.RoleSession(MINE, "build", "AROAAAAAAAAAAAAAAAAAA", "s1");

    private static PolicyDocument policy(String statement) {
        return PolicyDocument.parse("{\"Version\": \"2012-10-17\", \"Statement\": " + statement.replace('\'', '"') + "}");
    }

    private static boolean matches(String condition, Map<String, List<String>> context) {
        PolicyDocument policy = policy("{'Effect': 'Allow', 'Action': '*', 'Resource': '*', 'Condition': " + condition + "}");
        return Evaluator.decide(AccessRequest.of(DEV, "s3:GetObject", "*", context), Policies.ofIdentity(MINE, List.of(policy))).allowed();
    }

    @ParameterizedTest(name = "{0} on {1}: {2} on {3} is {4}")
    @CsvSource(delimiter = '|', textBlock = """
            # pattern     | resource pattern                       | action            | resource                               | allowed
            *             | *                                      | s3:GetObject      | arn:aws:s3:::b/k                       | true
            s3:*          | *                                      | ec2:DescribeVpcs  | *                                      | false
            s3:Get*       | arn:aws:s3:::b/*                       | s3:GetObject      | arn:aws:s3:::b/a/b                     | true
            S3:GETOBJECT  | arn:aws:s3:::b/*                       | s3:GetObject      | arn:aws:s3:::b/a                       | true
            s3:GetObjec?  | arn:aws:s3:::b/*                       | s3:GetObject      | arn:aws:s3:::B/a                       | false
            s3:GetObject  | arn:aws:s3:::b                         | s3:GetObject      | arn:aws:s3:::b/a                       | false
            iam:PassRole  | arn:aws:iam::111122223333:role/*       | iam:PassRole      | arn:aws:iam::111122223333:role/a/b     | true
            iam:PassRole  | arn:aws:iam::*:role/x                  | iam:PassRole      | arn:aws:iam::111122223333:role/x       | true
            ecs:*         | arn:aws:ecs:*:service/x                | ecs:UpdateService | arn:aws:ecs:r:111122223333:service/x   | false
            """)
    void actions_and_resources_match_as_patterns(String action, String pattern, String wanted, String resource, boolean allowed) {
        PolicyDocument policy = policy("{'Effect': 'Allow', 'Action': '" + action + "', 'Resource': '" + pattern + "'}");
        assertThat(Evaluator.decide(AccessRequest.of(DEV, wanted, resource, Map.of()), Policies.ofIdentity(MINE, List.of(policy))).allowed())
                .isEqualTo(allowed);
    }

    @ParameterizedTest(name = "{0} with {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            {'StringEquals': {'k': ['a', 'b']}}                     | k=b            | true
            {'StringEquals': {'k': 'a'}}                            | k=A            | false
            {'StringEqualsIgnoreCase': {'k': 'a'}}                  | k=A            | true
            {'StringEquals': {'K': 'a'}}                            | k=a            | true
            {'StringEquals': {'k': 'a'}}                            | -              | false
            {'StringEqualsIfExists': {'k': 'a'}}                    | -              | true
            {'StringNotEquals': {'k': 'a'}}                         | -              | true
            {'StringNotEquals': {'k': ['a', 'b']}}                  | k=b            | false
            {'StringNotEquals': {'k': ['a', 'b']}}                  | k=c            | true
            {'StringLike': {'k': 'a*c'}}                            | k=abc          | true
            {'StringNotLike': {'k': 'a*c'}}                         | k=abc          | false
            {'StringEquals': {'k': 'a', 'l': 'x'}}                  | k=a            | false
            {'NumericLessThan': {'k': '10'}}                        | k=9.5          | true
            {'NumericGreaterThanEquals': {'k': 10}}                 | k=10           | true
            {'NumericEquals': {'k': '10'}}                          | k=ten          | false
            {'DateLessThan': {'k': '2026-01-02T00:00:00Z'}}         | k=2026-01-01   | true
            {'DateGreaterThan': {'k': '2026-01-02T00:00:00Z'}}      | k=0            | false
            {'Bool': {'k': true}}                                   | k=true         | true
            {'Bool': {'k': 'false'}}                                | -              | false
            {'Null': {'k': 'true'}}                                 | -              | true
            {'Null': {'k': 'true'}}                                 | k=a            | false
            {'Null': {'k': 'false'}}                                | k=a            | true
            {'IpAddress': {'k': '10.0.0.0/8'}}                      | k=10.255.0.1   | true
            {'IpAddress': {'k': '10.0.0.0/8'}}                      | k=11.0.0.1     | false
            {'NotIpAddress': {'k': '10.0.0.0/8'}}                   | k=11.0.0.1     | true
            {'ArnLike': {'k': 'arn:aws:sns:*:*:t*'}}                | k=arn:aws:sns:us-east-1:111122223333:topic | true
            {'ArnLike': {'k': 'arn:aws:sns:*:t*'}}                  | k=arn:aws:sns:us-east-1:111122223333:topic | false
            {'ForAllValues:StringEquals': {'k': ['a', 'b']}}        | k=a,b          | true
            {'ForAllValues:StringEquals': {'k': ['a', 'b']}}        | k=a,c          | false
            {'ForAllValues:StringEquals': {'k': ['a', 'b']}}        | -              | true
            {'ForAnyValue:StringEquals': {'k': ['a', 'b']}}         | k=c,a          | true
            {'ForAnyValue:StringEquals': {'k': ['a', 'b']}}         | -              | false
            """)
    void conditions_hold_as_aws_describes_them(String condition, String context, boolean holds) {
        Map<String, List<String>> keys = new LinkedHashMap<>();
        if (!context.equals("-")) {
            keys.put(context.substring(0, context.indexOf('=')), Arrays.asList(context.substring(context.indexOf('=') + 1).split(",")));
        }
        assertThat(matches(condition, keys)).isEqualTo(holds);
    }

    @Test
    void variables_take_the_callers_values_and_never_become_wildcards() {
        PolicyDocument home = policy("{'Effect': 'Allow', 'Action': 's3:*', 'Resource': 'arn:aws:s3:::b/${aws:username}/*'}");
        Policies policies = Policies.ofIdentity(MINE, List.of(home));
        assertThat(Evaluator.decide(at("arn:aws:s3:::b/dev/k", "dev"), policies).allowed()).isTrue();
        assertThat(Evaluator.decide(at("arn:aws:s3:::b/other/k", "dev"), policies).allowed()).isFalse();
        assertThat(Evaluator.decide(at("arn:aws:s3:::b/other/k", "*"), policies).allowed()).isFalse();
        assertThat(Evaluator.decide(AccessRequest.of(DEV, "s3:GetObject", "arn:aws:s3:::b/k/", Map.of()), policies).allowed()).isFalse();
    }

    @Test
    void a_variable_without_a_value_takes_its_default() {
        PolicyDocument byDefault = PolicyDocument.parse("""
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*",
                 "Resource": "arn:aws:s3:::b/${aws:PrincipalTag/team, 'all'}/*"}}""");
        assertThat(Evaluator.decide(at("arn:aws:s3:::b/all/k", "dev"), Policies.ofIdentity(MINE, List.of(byDefault))).allowed()).isTrue();
        assertThat(Evaluator.decide(at("arn:aws:s3:::b/x/k", "dev"), Policies.ofIdentity(MINE, List.of(byDefault))).allowed()).isFalse();
    }

    private static AccessRequest at(String resource, String name) {
        return AccessRequest.of(DEV, "s3:GetObject", resource, Map.of("aws:username", List.of(name)));
    }

    @Test
    void a_deny_beats_every_allow_and_says_where_it_stands() {
        PolicyDocument all = policy("{'Effect': 'Allow', 'Action': '*', 'Resource': '*'}");
        PolicyDocument no = policy("{'Effect': 'Deny', 'Action': 's3:*', 'Resource': '*'}");
        Verdict verdict = Evaluator.decide(AccessRequest.of(DEV, "s3:GetObject", "*", Map.of()), Policies.ofIdentity(MINE, List.of(all, no)));
        assertThat(verdict.because("s3:GetObject")).isEqualTo(" with an explicit deny in an identity-based policy");
    }

    @Test
    void a_boundary_hides_what_it_does_not_allow() {
        PolicyDocument all = policy("{'Effect': 'Allow', 'Action': '*', 'Resource': '*'}");
        PolicyDocument s3 = policy("{'Effect': 'Allow', 'Action': 's3:*', 'Resource': '*'}");
        Policies policies = new Policies(List.of(all), Optional.of(s3), List.of(), Optional.empty(), false, MINE);
        assertThat(Evaluator.decide(AccessRequest.of(DEV, "s3:GetObject", "*", Map.of()), policies).allowed()).isTrue();
        assertThat(Evaluator.decide(AccessRequest.of(DEV, "ec2:RunInstances", "*", Map.of()), policies).because("ec2:RunInstances"))
                .isEqualTo(" because no permissions boundary allows the ec2:RunInstances action");
    }

    @Test
    void a_resource_policy_lets_a_named_user_of_the_account_in_alone() {
        assertThat(byResource(DEV, "'AWS': '" + DEV.arn() + "'", List.of()).allowed()).isTrue();
        assertThat(byResource(DEV, "'AWS': '111122223333'", List.of()).allowed()).isFalse();
        assertThat(byResource(DEV, "'AWS': '111122223333'", List.of(policy("{'Effect': 'Allow', 'Action': '*', 'Resource': '*'}"))).allowed())
                .isTrue();
        assertThat(byResource(new Principal.Root("444455556666"), "'AWS': '444455556666'", List.of()).allowed()).isTrue();
        assertThat(byResource(new Principal.Root("444455556666"), "'AWS': '777788889999'", List.of()).because("s3:GetObject"))
                .isEqualTo(" because no resource-based policy allows the s3:GetObject action");
    }

    @Test
    void a_session_named_itself_needs_no_session_policy_but_a_session_of_a_named_role_does() {
        PolicyDocument nothing = policy("{'Effect': 'Allow', 'Action': 'ec2:*', 'Resource': '*'}");
        assertThat(bySession("arn:aws:sts::111122223333:assumed-role/build/s1", nothing).allowed()).isTrue();
        assertThat(bySession("arn:aws:iam::111122223333:role/build", nothing).because("s3:GetObject"))
                .isEqualTo(" because no session policy allows the s3:GetObject action");
    }

    @Test
    void a_services_regional_name_is_its_name() {
        PolicyDocument trust = policy("{'Effect': 'Allow', 'Principal': {'Service': 'codedeploy.us-east-1.amazonaws.com'}, 'Action': "
                + "'sts:AssumeRole'}");
        Policies policies = new Policies(List.of(), Optional.empty(), List.of(), Optional.of(trust), true, MINE);
        assertThat(Evaluator.decide(AccessRequest.of(new Principal.Service("codedeploy.amazonaws.com"), "sts:AssumeRole", "r", Map.of()), policies)
                .allowed()).isTrue();
        assertThat(Evaluator.decide(AccessRequest.of(new Principal.Service("ecs.amazonaws.com"), "sts:AssumeRole", "r", Map.of()), policies)
                .allowed()).isFalse();
    }

    @Test
    void everything_but_something_is_said_with_not() {
        PolicyDocument policy = policy("{'Effect': 'Allow', 'NotAction': 'iam:*', 'NotResource': 'arn:aws:s3:::secret/*'}");
        Policies policies = Policies.ofIdentity(MINE, List.of(policy));
        assertThat(Evaluator.decide(AccessRequest.of(DEV, "iam:GetUser", "*", Map.of()), policies).allowed()).isFalse();
        assertThat(Evaluator.decide(AccessRequest.of(DEV, "s3:GetObject", "arn:aws:s3:::secret/k", Map.of()), policies).allowed()).isFalse();
        assertThat(Evaluator.decide(AccessRequest.of(DEV, "s3:GetObject", "arn:aws:s3:::open/k", Map.of()), policies).allowed()).isTrue();
    }

    /// The workshop's artifact bucket: whoever uploads without naming KMS is refused, also who names nothing.
    @Test
    void the_workshops_bucket_policy_refuses_an_upload_without_the_header() {
        PolicyDocument bucket = policy("{'Effect': 'Deny', 'Principal': '*', 'Action': 's3:PutObject', 'Resource': 'arn:aws:s3:::b/*', "
                + "'Condition': {'StringNotEquals': {'s3:x-amz-server-side-encryption': 'aws:kms'}}}");
        Policies policies = new Policies(List.of(policy("{'Effect': 'Allow', 'Action': '*', 'Resource': '*'}")), Optional.empty(), List.of(),
                Optional.of(bucket), false, MINE);
        assertThat(Evaluator.decide(AccessRequest.of(DEV, "s3:PutObject", "arn:aws:s3:::b/k", Map.of()), policies).because("s3:PutObject"))
                .isEqualTo(" with an explicit deny in a resource-based policy");
        assertThat(Evaluator.decide(AccessRequest.of(DEV, "s3:PutObject", "arn:aws:s3:::b/k",
                Map.of("s3:x-amz-server-side-encryption", List.of("aws:kms"))), policies)
                .allowed()).isTrue();
    }

    private static Verdict byResource(Principal principal, String who, List<PolicyDocument> identity) {
        PolicyDocument resource = policy("{'Effect': 'Allow', 'Principal': {" + who + "}, 'Action': 's3:*', 'Resource': '*'}");
        return Evaluator.decide(AccessRequest.of(principal, "s3:GetObject", "arn:aws:s3:::b/k", Map.of()),
                new Policies(identity, Optional.empty(), List.of(), Optional.of(resource), false, MINE));
    }

    private static Verdict bySession(String named, PolicyDocument session) {
        PolicyDocument resource = policy("{'Effect': 'Allow', 'Principal': {'AWS': '" + named + "'}, 'Action': 's3:*', 'Resource': '*'}");
        return Evaluator.decide(AccessRequest.of(SESSION, "s3:GetObject", "arn:aws:s3:::b/k", Map.of()),
                new Policies(List.of(), Optional.empty(), List.of(session), Optional.of(resource), false, MINE));
    }
}
