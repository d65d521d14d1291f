package dev.viridian.services.codebuild;

import java.util.Optional;
import software.amazon.awssdk.services.codebuild.model.ArtifactNamespace;
import software.amazon.awssdk.services.codebuild.model.ArtifactPackaging;
import software.amazon.awssdk.services.codebuild.model.ArtifactsType;
import software.amazon.awssdk.services.codebuild.model.ProjectArtifacts;

/// Where an artifact goes.
///
/// @param prefix everything before the artifact's name, with a slash at its end if not empty; the whole key of a pipeline's artifact
/// @param name the last part of the key; `/` puts loose files right under the prefix; empty for a pipeline's artifact
/// @param zipped whether one archive is uploaded, or each file
/// @param nameFromBuildspec whether the buildspec may give another name
record Destination(String bucket, String prefix, String name, boolean zipped, boolean nameFromBuildspec, boolean encrypted) {

    /// Empty for builds without artifacts.
    ///
    /// @param uuid of the build
    static Optional<Destination> of(ProjectArtifacts artifacts, String project, String uuid) {
        boolean encrypted = !Boolean.TRUE.equals(artifacts.encryptionDisabled());
        String location = Optional.ofNullable(artifacts.location()).orElse("");
        if (artifacts.type() == ArtifactsType.CODEPIPELINE && location.contains("/")) {
            int slash = location.indexOf('/');
            return Optional.of(new Destination(location.substring(0, slash), location.substring(slash + 1), "", true, false, encrypted));
        }
        if (artifacts.type() != ArtifactsType.S3) {
            return Optional.empty();
        }
        String path = Optional.ofNullable(artifacts.path()).map(text -> text.replaceAll("^/+|/+$", "")).filter(text -> !text.isEmpty())
                .map(text -> text + "/").orElse("");
        String own = artifacts.namespaceType() == ArtifactNamespace.BUILD_ID ? uuid + "/" : "";
        String name = Optional.ofNullable(artifacts.name()).filter(text -> !text.isEmpty()).orElse(project);
        return Optional.of(new Destination(location, path + own, name, artifacts.packaging() == ArtifactPackaging.ZIP,
                Boolean.TRUE.equals(artifacts.overrideArtifactName()), encrypted));
    }

    /// As a build shows it.
    String arn() {
        return "arn:aws:s3:::" + bucket + "/" + prefix + (name.equals("/") ? "" : name);
    }

    /// Of a zip.
    String key(Plan.Artifacts artifacts) {
        return prefix + named(artifacts);
    }

    /// Of one loose file.
    String key(Plan.Artifacts artifacts, String path) {
        String named = named(artifacts);
        return named.equals("/") ? prefix + path : prefix + named + "/" + path;
    }

    private String named(Plan.Artifacts artifacts) {
        return nameFromBuildspec ? artifacts.name().orElse(name) : name;
    }
}
