package dev.viridian.services.ecr;

import dev.viridian.aws.AwsErrors;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ecr.model.*;

/// What ECR answers when it will not do something, as the service prints it.
final class Refusals {
    private Refusals() {}

    private static String inRegistry(String name, String registry) {
        return "repository with name '" + name + "' in the registry with id '" + registry + "'";
    }

    static String noRepositoryText(String name, String registry) {
        return "The repository with name '" + name + "' does not exist in the registry with id '" + registry + "'";
    }

    static RepositoryNotFoundException noRepository(String name, String registry) {
        return RepositoryNotFoundException.builder().message(noRepositoryText(name, registry)).build();
    }

    static RepositoryAlreadyExistsException repositoryExists(String name, String registry) {
        return RepositoryAlreadyExistsException.builder().message("The repository with name '" + name + "' already exists in the registry with id '"
                + registry + "'").build();
    }

    static RepositoryNotEmptyException notEmpty(String name, String registry) {
        return RepositoryNotEmptyException.builder().message("The repository with name '" + name + "' in registry with id '" + registry
                + "' cannot be deleted because it still contains images").build();
    }

    static ImageNotFoundException noImage(ImageIdentifier id, String name, String registry) {
        return ImageNotFoundException.builder().message("The image with imageId {imageDigest:'" + id.imageDigest() + "', imageTag:'" + id.imageTag()
                + "'} does not exist within the " + inRegistry(name, registry)).build();
    }

    static ImageAlreadyExistsException imageExists(String digest, String tag, String name, String registry) {
        return ImageAlreadyExistsException.builder()
                .message("Image with digest '" + digest + "' and tag '" + tag + "' already exists in the repository with name '" + name
                + "' in registry with id '" + registry + "'").build();
    }

    static String immutableText(String tag, String name) {
        return "The image tag '" + tag + "' already exists in the '" + name
                + "' repository and cannot be overwritten because the repository is immutable.";
    }

    static ImageTagAlreadyExistsException immutable(String tag, String name) {
        return ImageTagAlreadyExistsException.builder().message(immutableText(tag, name)).build();
    }

    static RepositoryPolicyNotFoundException noPolicy(String name, String registry) {
        return RepositoryPolicyNotFoundException.builder().message("Repository policy does not exist for the " + inRegistry(name, registry)).build();
    }

    static LifecyclePolicyNotFoundException noLifecycle(String name, String registry) {
        return LifecyclePolicyNotFoundException.builder().message("Lifecycle policy does not exist for the " + inRegistry(name, registry)).build();
    }

    static ScanNotFoundException noScan(ImageIdentifier id, String name, String registry) {
        return ScanNotFoundException.builder().message("Image scan does not exist for the image with '" + shown(id) + "' in the "
                + inRegistry(name, registry)).build();
    }

    static InvalidParameterException parameter(String name, String constraint) {
        return InvalidParameterException.builder().message("Invalid parameter at '" + name + "' failed to satisfy constraint: '" + constraint
                + "'").build();
    }

    static UploadNotFoundException noUpload(String id, String name, String registry) {
        return UploadNotFoundException.builder().message("The upload with id '" + id + "' does not exist in the "
                + inRegistry(name, registry)).build();
    }

    static AwsServiceException denied(String message) {
        return AwsErrors.of(EcrException.builder(), "AccessDeniedException", 400, message);
    }

    private static String shown(ImageIdentifier id) {
        return id.imageDigest() != null ? id.imageDigest() : id.imageTag();
    }
}
