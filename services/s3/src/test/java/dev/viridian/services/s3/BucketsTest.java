package dev.viridian.services.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.BucketAlreadyExistsException;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.Tag;

class BucketsTest {
    @TempDir
    Path folder;
    private S3World world;

    @BeforeEach
    void a_world() {
        world = new S3World(folder);
    }

    @Test
    void creating_a_bucket_again_is_fine_in_us_east_1_only() {
        world.bucket("mine");
        world.bucket("mine");
        world.as(S3World.ACCOUNT, "eu-west-1", () -> {
            world.s3.createBucket(b -> b.bucket("far").createBucketConfiguration(c -> c.locationConstraint("eu-west-1")));
            assertThatThrownBy(() -> world.s3.createBucket(b -> b.bucket("far").createBucketConfiguration(c -> c.locationConstraint("eu-west-1"))))
                    .isInstanceOf(BucketAlreadyOwnedByYouException.class);
            assertThat(world.s3.getBucketLocation(b -> b.bucket("far")).locationConstraintAsString()).isEqualTo("eu-west-1");
            assertThat(world.s3.getBucketLocation(b -> b.bucket("mine")).locationConstraint()).isNull();
            assertThatThrownBy(() -> world.s3.createBucket(b -> b.bucket("nowhere")))
                    .hasMessageContaining("The unspecified location constraint is incompatible");
        });
    }

    @Test
    void a_name_belongs_to_one_account_in_the_whole_process() {
        world.bucket("mine");
        world.put("mine", "k", "x");
        world.as("444455556666", "us-east-1", () -> {
            assertThatThrownBy(() -> world.s3.createBucket(b -> b.bucket("mine"))).isInstanceOf(BucketAlreadyExistsException.class);
            assertThatThrownBy(() -> world.s3.headObject(b -> b.bucket("mine").key("k")))
                    .isInstanceOfSatisfying(S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(403));
            assertThat(world.s3.listBuckets().buckets()).isEmpty();
        });
        world.in(() -> assertThat(world.s3.listBuckets().buckets()).extracting(b -> b.name()).containsExactly("mine"));
    }

    @Test
    void a_policy_may_let_another_account_in() {
        world.bucket("mine");
        world.put("mine", "k", "x");
        world.in(() -> world.s3.putBucketPolicy(b -> b.bucket("mine").policy("""
                {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "444455556666"},
                 "Action": "s3:GetObject", "Resource": "arn:aws:s3:::mine/*"}]}""")));
        world.s3 = new S3(world.store, world.time, folder, (policy, owner, caller, action, resource, context) -> owner.equals(S3World.ACCOUNT) &&
                policy.contains(caller.account()) && action.equals("s3:GetObject") && resource.equals("arn:aws:s3:::mine/k"));
        world.as("444455556666", "us-east-1", () -> {
            assertThat(world.s3.headObject(b -> b.bucket("mine").key("k")).contentLength()).isEqualTo(1);
            assertThatThrownBy(() -> world.s3.deleteObject(b -> b.bucket("mine").key("k"))).hasMessageContaining("Access Denied");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"ab", "Upper", "under_score", "-dash", "dash-", "two..dots", "192.168.0.1", "xn--x", "name-s3alias"})
    void a_bad_name_is_refused(String name) {
        world.refused("InvalidBucketName", () -> world.s3.createBucket(b -> b.bucket(name)));
    }

    @Test
    void only_an_empty_bucket_can_be_deleted() {
        world.bucket("mine");
        world.put("mine", "k", "x");
        world.refused("BucketNotEmpty", () -> world.s3.deleteBucket(b -> b.bucket("mine")))
                .hasMessageContaining("The bucket you tried to delete is not empty");
        world.in(() -> {
            world.s3.deleteObject(b -> b.bucket("mine").key("k"));
            String upload = world.s3.createMultipartUpload(b -> b.bucket("mine").key("k")).uploadId();
            world.s3.uploadPart(b -> b.bucket("mine").key("k").uploadId(upload).partNumber(1), RequestBody.fromString("x"));
            world.s3.deleteBucket(b -> b.bucket("mine"));
        });
        world.refused("NoSuchBucket", () -> world.s3.headBucket(b -> b.bucket("mine")));
        assertThat(world.blobs()).isZero();
    }

    @Test
    void settings_answer_as_a_new_bucket_of_aws_does() {
        world.bucket("mine");
        world.in(() -> {
            assertThat(world.s3.getBucketVersioning(b -> b.bucket("mine")).status()).isNull();
            assertThat(world.s3.getBucketEncryption(b -> b.bucket("mine")).serverSideEncryptionConfiguration().rules().getFirst()
                    .applyServerSideEncryptionByDefault().sseAlgorithmAsString()).isEqualTo("AES256");
            assertThat(world.s3.getPublicAccessBlock(b -> b.bucket("mine")).publicAccessBlockConfiguration().blockPublicPolicy()).isTrue();
            assertThat(world.s3.getBucketAcl(b -> b.bucket("mine")).grants()).singleElement()
                    .satisfies(g -> assertThat(g.permissionAsString()).isEqualTo("FULL_CONTROL"));
        });
        world.refused("NoSuchBucketPolicy", () -> world.s3.getBucketPolicy(b -> b.bucket("mine")));
        world.refused("NoSuchTagSet", () -> world.s3.getBucketTagging(b -> b.bucket("mine")));
        world.refused("NoSuchLifecycleConfiguration", () -> world.s3.getBucketLifecycleConfiguration(b -> b.bucket("mine")));
        world.refused("NoSuchCORSConfiguration", () -> world.s3.getBucketCors(b -> b.bucket("mine")));
    }

    @Test
    void settings_are_kept() {
        world.bucket("mine");
        String policy = "{\"Statement\":[{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:*\",\"Resource\":\"arn:aws:s3:::mine/*\"}]}";
        world.in(() -> {
            world.s3.putBucketPolicy(b -> b.bucket("mine").policy(policy));
            world.s3.putBucketTagging(b -> b.bucket("mine").tagging(t -> t.tagSet(Tag.builder().key("a").value("b").build())));
            world.s3.putBucketVersioning(b -> b.bucket("mine").versioningConfiguration(v -> v.status(BucketVersioningStatus.ENABLED)));
            world.restart();
            assertThat(world.s3.getBucketPolicy(b -> b.bucket("mine")).policy()).isEqualTo(policy);
            assertThat(world.s3.getBucketTagging(b -> b.bucket("mine")).tagSet()).hasSize(1);
            assertThat(world.s3.getBucketVersioning(b -> b.bucket("mine")).status()).isEqualTo(BucketVersioningStatus.ENABLED);
            world.s3.deleteBucketPolicy(b -> b.bucket("mine"));
        });
        world.refused("NoSuchBucketPolicy", () -> world.s3.getBucketPolicy(b -> b.bucket("mine")));
    }

    @Test
    void a_policy_must_be_one() {
        world.bucket("mine");
        world.refused("MalformedPolicy", () -> world.s3.putBucketPolicy(b -> b.bucket("mine").policy("nonsense")));
        world.refused("MalformedPolicy", () -> world.s3.putBucketPolicy(b -> b.bucket("mine").policy("{}")));
        world.refused("MalformedPolicy", () -> world.s3.putBucketPolicy(b -> b.bucket("mine")
                .policy("{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"1\"},\"Action\":\"s3:*\","
                        + "\"Resource\":\"arn:aws:s3:::other/*\"}}")))
                .hasMessageContaining("Policy has invalid resource");
        world.refused("AccessDenied", () -> world.s3.putBucketPolicy(b -> b.bucket("mine")
                .policy("{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:*\",\"Resource\":\"arn:aws:s3:::mine/*\"}}")));
    }

    @Test
    void the_expected_owner_must_be_the_owner() {
        world.bucket("mine");
        world.in(() -> world.s3.headBucket(b -> b.bucket("mine").expectedBucketOwner(S3World.ACCOUNT)));
        world.refused("AccessDenied", () -> world.s3.headBucket(b -> b.bucket("mine").expectedBucketOwner("444455556666")));
    }
}
