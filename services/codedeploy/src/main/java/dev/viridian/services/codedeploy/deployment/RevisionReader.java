package dev.viridian.services.codedeploy.deployment;

import dev.viridian.services.codedeploy.appspec.AppSpec;
import dev.viridian.services.codedeploy.appspec.AppSpecException;
import dev.viridian.services.codedeploy.appspec.AppSpecParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import software.amazon.awssdk.services.codedeploy.model.BundleType;
import software.amazon.awssdk.services.codedeploy.model.RevisionLocation;
import software.amazon.awssdk.services.codedeploy.model.S3Location;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// Turns a revision into the application specification it holds.
public final class RevisionReader {
    private static final Set<String> NAMES_IN_A_BUNDLE = Set.of("appspec.yaml", "appspec.yml", "appspec.json");

    private final S3Client s3;

    public RevisionReader(S3Client s3) {
        this.s3 = s3;
    }

    /// A revision that holds no usable specification.
    static final class Unusable extends Exception {
        private static final long serialVersionUID = 1;
        private final transient Fault fault;

        Unusable(Fault fault) {
            super(fault.message());
            this.fault = fault;
        }

        Fault fault() {
            return fault;
        }
    }

    AppSpec read(RevisionLocation revision) throws Unusable {
        try {
            return AppSpecParser.parse(text(revision));
        } catch (AppSpecException e) {
            throw new Unusable(Fault.revision(e.getMessage()));
        }
    }

    private String text(RevisionLocation revision) throws Unusable {
        return switch (revision.revisionType()) {
            case STRING -> revision.string().content();
            case APP_SPEC_CONTENT -> revision.appSpecContent().content();
            case S3 -> fromS3(revision.s3Location());
            case GIT_HUB, UNKNOWN_TO_SDK_VERSION ->
                    throw new Unusable(Fault.revision("An Amazon ECS deployment cannot take its AppSpec from GitHub."));
        };
    }

    private String fromS3(S3Location location) throws Unusable {
        byte[] bytes = fetch(location);
        if (location.bundleType() == BundleType.ZIP) {
            return fromBundle(bytes);
        }
        if (isZip(bytes)) {
            // observed on AWS, including the null
            throw new Unusable(Fault.revision("The deployment specifies that the revision is a null file, but the revision provided is a zip file."));
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private byte[] fetch(S3Location location) throws Unusable {
        GetObjectRequest request = GetObjectRequest.builder()
                .bucket(location.bucket()).key(location.key()).versionId(location.version()).ifMatch(location.eTag())
                .build();
        try {
            return s3.getObjectAsBytes(request).asByteArrayUnsafe();
        } catch (S3Exception e) {
            AwsFailure failure = new AwsFailure(e);
            if (failure.mayPass() || failure.isDenied()) {
                throw e;
            }
            throw new Unusable(Fault.revisionMissing(
                    "The revision s3://" + location.bucket() + "/" + location.key() + " could not be read: " + failure.message()));
        }
    }

    /// CodePipeline's plain CodeDeploy action hands over a whole build artifact; the specification lies at its root.
    private static String fromBundle(byte[] bytes) throws Unusable {
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (NAMES_IN_A_BUNDLE.contains(entry.getName())) {
                    return new String(zip.readAllBytes(), StandardCharsets.UTF_8);
                }
            }
        } catch (IOException e) {
            throw new Unusable(Fault.revision("The revision is not a readable zip file: " + e.getMessage()));
        }
        throw new Unusable(Fault.revision("The revision contains no appspec.yaml, appspec.yml or appspec.json at its root."));
    }

    private static boolean isZip(byte[] bytes) {
        return bytes.length > 3 && bytes[0] == 'P' && bytes[1] == 'K' && bytes[2] == 3 && bytes[3] == 4;
    }
}
