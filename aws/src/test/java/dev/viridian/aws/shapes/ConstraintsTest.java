package dev.viridian.aws.shapes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.codedeploy.CodeDeployClient;
import software.amazon.awssdk.services.codedeploy.model.ApplicationNameRequiredException;
import software.amazon.awssdk.services.codedeploy.model.CreateApplicationRequest;
import software.amazon.awssdk.services.codedeploy.model.CreateDeploymentGroupRequest;
import software.amazon.awssdk.services.codedeploy.model.InvalidApplicationNameException;
import software.amazon.awssdk.services.codedeploy.model.RoleRequiredException;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.CreateServiceRequest;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.CreateRoleRequest;
import software.amazon.awssdk.services.iam.model.Tag;

class ConstraintsTest {

    @Test
    void a_valid_request_passes() {
        assertThat(Constraints.check(CreateServiceRequest.builder().serviceName("web").build(), EcsClient.class)).isEmpty();
    }

    @Test
    void query_services_answer_ValidationError_with_one_sentence_per_violation() {
        AwsServiceException error = Constraints.check(CreateRoleRequest.builder().roleName("a b").build(), IamClient.class).orElseThrow();

        assertThat(error.awsErrorDetails().errorCode()).isEqualTo("ValidationError");
        assertThat(error.statusCode()).isEqualTo(400);
        assertThat(error.awsErrorDetails().errorMessage()).startsWith("2 validation errors detected: ")
                .contains("Value 'a b' at 'roleName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]+")
                .contains("Value null at 'assumeRolePolicyDocument' failed to satisfy constraint: Member must not be null");
    }

    @Test
    void elements_are_counted_from_one() {
        CreateRoleRequest request = CreateRoleRequest.builder().roleName("r").assumeRolePolicyDocument("{}")
                .tags(Tag.builder().key("k").value("v").build(), Tag.builder().key("").value("v").build()).build();

        assertThat(Constraints.violations(request, OperationIndex.of(IamClient.class)))
                .extracting(Violation::path).containsExactly("tags.2.member.key", "tags.2.member.key");
    }

    @Test
    void ecs_answers_its_own_class_for_a_value_outside_an_enum() {
        AwsServiceException error = Constraints.check(CreateServiceRequest.builder().serviceName("s").launchType("MOON").build(), EcsClient.class)
                .orElseThrow();

        assertThat(error).isInstanceOf(InvalidParameterException.class);
        assertThat(error.awsErrorDetails().errorMessage())
                .isEqualTo("1 validation error detected: Value 'MOON' at 'launchType' failed to satisfy constraint: "
                + "Member must satisfy enum value set: [EC2, FARGATE, EXTERNAL, MANAGED_INSTANCES]");
    }

    @Test
    void codedeploy_answers_an_exception_per_member() {
        assertThat(Constraints.check(CreateApplicationRequest.builder().build(), CodeDeployClient.class).orElseThrow())
                .isInstanceOf(ApplicationNameRequiredException.class);
        assertThat(Constraints.check(CreateApplicationRequest.builder().applicationName("x".repeat(101)).build(), CodeDeployClient.class)
                .orElseThrow())
                .isInstanceOf(InvalidApplicationNameException.class);
        assertThat(Constraints.check(CreateDeploymentGroupRequest.builder().applicationName("a").deploymentGroupName("g").build(),
                CodeDeployClient.class)
                .orElseThrow()).isInstanceOf(RoleRequiredException.class);
    }

    @Test
    void ecr_words_it_in_its_own_way() {
        var request = software.amazon.awssdk.services.ecr.model.CreateRepositoryRequest.builder().repositoryName("A").build();

        AwsServiceException error = Constraints.check(request, EcrClient.class).orElseThrow();

        assertThat(error.awsErrorDetails().errorCode()).isEqualTo("InvalidParameterException");
        assertThat(error.awsErrorDetails().errorMessage())
                .isEqualTo("Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must have length greater than or equal to 2'");
    }

    @Test
    void the_index_knows_operations_by_the_names_of_the_sdk() {
        List<String> missing = OperationIndex.of(EcsClient.class).operations().keySet().stream()
                .filter(operation -> !exists("software.amazon.awssdk.services.ecs.model." + operation + "Request"))
                .filter(operation -> !operation.contains("Daemon") && !operation.equals("ContinueServiceDeployment")) // newer than the SDK we use
                .toList();

        assertThat(missing).isEmpty();
    }

    @Test
    void the_list_of_services_agrees_with_their_indexes() {
        assertThat(OperationIndex.metaOf(IamClient.class)).isEqualTo(OperationIndex.of(IamClient.class).meta());
        assertThat(OperationIndex.metaOf(EcrClient.class)).isEqualTo(OperationIndex.of(EcrClient.class).meta());
    }

    private static boolean exists(String name) {
        try {
            Class.forName(name);
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
