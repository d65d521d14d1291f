package dev.viridian.services.ecr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.viridian.registry.Digest;
import dev.viridian.registry.MediaTypes;
import dev.viridian.registry.RegistryException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.ecr.model.*;

class EcrTest {
    private static final SmallImage HELLO = SmallImage.saying("hello");
    private static final SmallImage BYE = SmallImage.saying("bye");
    @TempDir
    Path work;
    private World world;

    @BeforeEach
    void open() throws Exception {
        world = new World(work);
    }

    @AfterEach
    void close() throws Exception {
        world.close();
    }

    @Test
    void a_repository_is_named_as_aws_names_it_and_taken_once() {
        Repository made = world.as(() -> world.ecr.createRepository(r -> r.repositoryName("team/shop"))).repository();

        assertThat(made.repositoryArn()).isEqualTo("arn:aws:ecr:us-east-1:111122223333:repository/team/shop");
        assertThat(made.repositoryUri()).isEqualTo("111122223333.dkr.ecr.us-east-1.amazonaws.com/team/shop");
        assertThat(made.imageTagMutability()).isEqualTo(ImageTagMutability.MUTABLE);
        assertThat(world.as(() -> world.ecr.describeRepositories()).repositories()).containsExactly(made);
        refused(() -> world.ecr.createRepository(r -> r.repositoryName("team/shop")), RepositoryAlreadyExistsException.class,
                "The repository with name 'team/shop' already exists in the registry with id '111122223333'");
        refused(() -> world.ecr.createRepository(r -> r.repositoryName("Foo")), InvalidParameterException.class,
                "Invalid parameter at 'repositoryName' failed to satisfy");
        refused(() -> world.ecr.describeRepositories(r -> r.repositoryNames("gone")), RepositoryNotFoundException.class,
                "The repository with name 'gone' does not exist in the registry with id '111122223333'");
    }

    @Test
    void a_repository_with_images_is_deleted_only_by_force_and_comes_back_empty() {
        world.withShop();
        HELLO.push(world.ecr.registry(), World.SHOP, "1");
        refused(() -> world.ecr.deleteRepository(r -> r.repositoryName("shop")), RepositoryNotEmptyException.class,
                "The repository with name 'shop' in registry with id '111122223333' cannot be deleted because it still contains images");

        world.as(() -> world.ecr.deleteRepository(r -> r.repositoryName("shop").force(true)));
        world.time.settle();
        world.withShop();
        assertThat(world.as(() -> world.ecr.listImages(r -> r.repositoryName("shop"))).imageIds()).isEmpty();
        assertThat(world.blobs.find(World.SHOP, Digest.of(HELLO.layer()))).isEmpty();
    }

    @Test
    void an_image_under_two_tags_has_one_digest_and_deleting_one_tag_keeps_the_other() {
        world.withShop();
        HELLO.push(world.ecr.registry(), World.SHOP, "1");
        HELLO.push(world.ecr.registry(), World.SHOP, "latest");
        ImageDetail detail = world.as(() -> world.ecr.describeImages(r -> r.repositoryName("shop"))).imageDetails().getFirst();
        assertThat(detail.imageTags()).containsExactly("1", "latest");
        assertThat(detail.imageDigest()).isEqualTo(HELLO.digest());
        assertThat(detail.imageSizeInBytes()).isEqualTo(HELLO.layer().length + HELLO.config().length);
        assertThat(detail.imagePushedAt()).isEqualTo(world.time.now());

        world.as(() -> world.ecr.batchDeleteImage(r -> r.repositoryName("shop").imageIds(tag("1"))));
        assertThat(world.as(() -> world.ecr.listImages(r -> r.repositoryName("shop"))).imageIds()).singleElement()
                .extracting(ImageIdentifier::imageTag).isEqualTo("latest");
        world.as(() -> world.ecr.batchDeleteImage(r -> r.repositoryName("shop").imageIds(tag("latest"))));
        assertThat(world.as(() -> world.ecr.listImages(r -> r.repositoryName("shop"))).imageIds()).isEmpty();
    }

    @Test
    void a_tag_that_moves_leaves_the_old_image_untagged() {
        world.withShop();
        HELLO.push(world.ecr.registry(), World.SHOP, "latest");
        BYE.push(world.ecr.registry(), World.SHOP, "latest");

        assertThat(images(TagStatus.UNTAGGED)).containsExactly(HELLO.digest());
        assertThat(images(TagStatus.TAGGED)).containsExactly(BYE.digest());
        assertThat(images(TagStatus.ANY)).hasSize(2);
        assertThat(world.told()).extracting(ImageEvent::digest).containsExactly(HELLO.digest(), BYE.digest());
    }

    @Test
    void questions_about_several_images_answer_each_by_itself() {
        world.withShop();
        HELLO.push(world.ecr.registry(), World.SHOP, "1");
        BatchGetImageResponse batch = world.as(() -> world.ecr.batchGetImage(r -> r.repositoryName("shop").imageIds(tag("1"), tag("2"),
                ImageIdentifier.builder().build(), ImageIdentifier.builder().imageDigest("md5:1").build(), ImageIdentifier.builder().imageTag("1")
                .imageDigest(BYE.digest()).build())));

        assertThat(batch.images()).singleElement().satisfies(image -> {
            assertThat(image.imageManifest()).isEqualTo(HELLO.text());
            assertThat(image.imageManifestMediaType()).isEqualTo(MediaTypes.DOCKER_MANIFEST);
        });
        assertThat(batch.failures()).extracting(ImageFailure::failureCode)
                .containsExactly(ImageFailureCode.IMAGE_NOT_FOUND, ImageFailureCode.MISSING_DIGEST_AND_TAG,
                ImageFailureCode.INVALID_IMAGE_DIGEST, ImageFailureCode.IMAGE_TAG_DOES_NOT_MATCH_DIGEST);
        assertThat(batch.failures().getFirst().failureReason()).isEqualTo("Requested image not found");
        refused(() -> world.ecr.describeImages(r -> r.repositoryName("shop").imageIds(tag("t"))), ImageNotFoundException.class,
                "The image with imageId {imageDigest:'null', imageTag:'t'} "
                        + "does not exist within the repository with name 'shop' in the registry with id '111122223333'");
    }

    @Test
    void a_tag_of_an_immutable_repository_does_not_move_except_where_excepted() {
        world.as(() -> world.ecr.createRepository(r -> r.repositoryName("shop").imageTagMutability(ImageTagMutability.IMMUTABLE_WITH_EXCLUSION)
                .imageTagMutabilityExclusionFilters(f -> f.filterType("WILDCARD").filter("dev-*"))));
        HELLO.push(world.ecr.registry(), World.SHOP, "1");
        HELLO.push(world.ecr.registry(), World.SHOP, "1");
        HELLO.push(world.ecr.registry(), World.SHOP, "dev-a");
        BYE.push(world.ecr.registry(), World.SHOP, "dev-a");

        assertThatExceptionOfType(RegistryException.class).isThrownBy(() -> BYE.push(world.ecr.registry(), World.SHOP, "1"))
                .extracting(RegistryException::spoken)
                .isEqualTo("tag invalid: The image tag '1' already exists in the 'shop' repository and cannot be overwritten "
                        + "because the repository is immutable.");
        world.as(() -> world.ecr.putImageTagMutability(r -> r.repositoryName("shop").imageTagMutability(ImageTagMutability.MUTABLE)));
        BYE.push(world.ecr.registry(), World.SHOP, "1");
    }

    @Test
    void an_image_can_be_put_by_api_from_layers_uploaded_by_api() {
        world.withShop();
        refused(() -> putHello(r -> r.imageTag("1")), LayersNotFoundException.class, "does not exist");
        for (byte[] blob : List.of(HELLO.layer(), HELLO.config())) {
            String id = world.as(() -> world.ecr.initiateLayerUpload(r -> r.repositoryName("shop"))).uploadId();
            refused(() -> part(id, 5, blob), InvalidLayerPartException.class, "must begin at byte 0");
            refused(() -> complete(id, blob), EmptyUploadException.class, "no parts");
            world.as(() -> part(id, 0, blob));
            world.as(() -> complete(id, blob));
        }
        assertThat(world.as(() -> world.ecr.batchCheckLayerAvailability(r -> r.repositoryName("shop")
                .layerDigests(Digest.of(HELLO.layer()).toString(), BYE.digest(), "x")))).satisfies(check -> {
            assertThat(check.layers()).extracting(Layer::layerAvailability)
                    .containsExactly(LayerAvailability.AVAILABLE, LayerAvailability.UNAVAILABLE);
            assertThat(check.failures()).singleElement().extracting(LayerFailure::failureCode).isEqualTo(LayerFailureCode.INVALID_LAYER_DIGEST);
        });

        assertThat(world.as(() -> putHello(r -> r.imageTag("1"))).image().imageId().imageDigest()).isEqualTo(HELLO.digest());
        refused(() -> putHello(r -> r.imageTag("1")), ImageAlreadyExistsException.class, "Image with digest '" + HELLO.digest()
                + "' and tag '1' already exists");
        refused(() -> putHello(r -> r.imageTag("2").imageDigest(BYE.digest())), ImageDigestDoesNotMatchException.class, "does not match");
        refused(() -> world.ecr.putImage(r -> r.repositoryName("shop").imageManifest("{").imageTag("1")), InvalidParameterException.class,
                "ImageManifest");
        world.as(() -> putHello(r -> r.imageTag("2")));
        assertThat(world.told()).extracting(ImageEvent::tag).containsExactly(Optional.of("1"), Optional.of("2"));
    }

    @Test
    void what_an_index_lists_cannot_be_deleted_before_it() {
        world.withShop();
        HELLO.push(world.ecr.registry(), World.SHOP, "1");
        byte[] index = "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}]}"
                .formatted(MediaTypes.OCI_INDEX, MediaTypes.DOCKER_MANIFEST, HELLO.digest(), HELLO.manifest().length)
                .getBytes(StandardCharsets.UTF_8);
        world.as(() -> world.ecr.putImage(r -> r.repositoryName("shop").imageTag("all").imageManifest(new String(index, StandardCharsets.UTF_8))));

        BatchDeleteImageResponse refused = world.as(() -> world.ecr.batchDeleteImage(r -> r.repositoryName("shop")
                .imageIds(ImageIdentifier.builder().imageDigest(HELLO.digest()).build())));
        assertThat(refused.failures()).singleElement().extracting(ImageFailure::failureCode)
                .isEqualTo(ImageFailureCode.IMAGE_REFERENCED_BY_MANIFEST_LIST);
        world.as(() -> world.ecr.batchDeleteImage(r -> r.repositoryName("shop").imageIds(tag("all"))));
        assertThat(world.as(() -> world.ecr.batchDeleteImage(r -> r.repositoryName("shop")
                .imageIds(ImageIdentifier.builder().imageDigest(HELLO.digest()).build()))).failures()).isEmpty();
    }

    @Test
    void layers_no_image_needs_leave_the_disk_and_shared_ones_stay() {
        world.withShop();
        HELLO.push(world.ecr.registry(), World.SHOP, "1");
        BYE.push(world.ecr.registry(), World.SHOP, "2");
        world.as(() -> world.ecr.batchDeleteImage(r -> r.repositoryName("shop").imageIds(tag("1"))));
        world.time.advance(Housekeeping.GRACE.plusMinutes(1));

        assertThat(world.blobs.find(World.SHOP, Digest.of(HELLO.layer()))).isEmpty();
        assertThat(world.blobs.find(World.SHOP, Digest.of(BYE.layer()))).isPresent();
        assertThat(world.ecr.registry().find(World.SHOP, "2")).isPresent();
    }

    @Test
    void a_lifecycle_policy_expires_untagged_images_after_a_day_and_keeps_the_newest() {
        world.withShop();
        refused(() -> world.ecr.getLifecyclePolicy(r -> r.repositoryName("shop")), LifecyclePolicyNotFoundException.class,
                "Lifecycle policy does not exist");
        refused(() -> world.ecr.putLifecyclePolicy(r -> r.repositoryName("shop").lifecyclePolicyText("{\"rules\":[]}")),
                InvalidParameterException.class, "Lifecycle policy validation failure");
        String policy = "{\"rules\":[{\"rulePriority\":1,"
                + "\"selection\":{\"tagStatus\":\"untagged\",\"countType\":\"sinceImagePushed\",\"countUnit\":\"days\","
                + "\"countNumber\":1},"
                + "\"action\":{\"type\":\"expire\"}}]}";
        world.as(() -> world.ecr.putLifecyclePolicy(r -> r.repositoryName("shop").lifecyclePolicyText(policy)));
        HELLO.push(world.ecr.registry(), World.SHOP, "latest");
        BYE.push(world.ecr.registry(), World.SHOP, "latest");

        world.time.advance(Duration.ofHours(23));
        assertThat(images(TagStatus.ANY)).hasSize(2);
        world.time.advance(Duration.ofHours(2));
        assertThat(images(TagStatus.ANY)).containsExactly(BYE.digest());
        assertThat(world.told().getLast().action()).isEqualTo(ImageEvent.Action.DELETE);
        assertThat(world.as(() -> world.ecr.getLifecyclePolicy(r -> r.repositoryName("shop"))).lastEvaluatedAt())
                .isAfter(world.time.now().minus(Duration.ofHours(1)));
        world.as(() -> world.ecr.deleteLifecyclePolicy(r -> r.repositoryName("shop")));
    }

    @Test
    void a_repository_policy_lets_another_account_in() {
        world.withShop();
        refused(() -> world.ecr.getRepositoryPolicy(r -> r.repositoryName("shop")), RepositoryPolicyNotFoundException.class,
                "Repository policy does not exist");
        refused(() -> world.ecr.setRepositoryPolicy(r -> r.repositoryName("shop").policyText("no json")), InvalidParameterException.class,
                "PolicyText");
        Supplier<DescribeImagesResponse> byOther = () -> world.as("other", "999988887777",
                () -> world.ecr.describeImages(r -> r.registryId(World.ACCOUNT).repositoryName("shop")));
        assertThatThrownBy(byOther::get).isInstanceOf(AwsServiceException.class)
                .hasMessageContaining("is not authorized to perform: ecr:DescribeImages");
        world.as(() -> world.ecr.setRepositoryPolicy(r -> r.repositoryName("shop").policyText("{\"Principal\":\"999988887777\"}")));

        assertThat(byOther.get().imageDetails()).isEmpty();
        world.as(() -> world.ecr.deleteRepositoryPolicy(r -> r.repositoryName("shop")));
        assertThatThrownBy(byOther::get).isInstanceOf(AwsServiceException.class);
    }

    @Test
    void images_are_not_scanned_and_say_so() {
        world.as(() -> world.ecr.createRepository(r -> r.repositoryName("shop").imageScanningConfiguration(s -> s.scanOnPush(true))));
        HELLO.push(world.ecr.registry(), World.SHOP, "1");

        assertThat(world.as(() -> world.ecr.describeImages(r -> r.repositoryName("shop"))).imageDetails().getFirst().imageScanStatus().description())
                .contains("no image scanner");
        refused(() -> world.ecr.describeImageScanFindings(r -> r.repositoryName("shop").imageId(tag("1"))), ScanNotFoundException.class,
                "Image scan does not exist");
        refused(() -> world.ecr.describeImageScanFindings(r -> r.repositoryName("shop").imageId(tag("2"))), ImageNotFoundException.class,
                "does not exist");
        assertThatThrownBy(() -> world.as(() -> world.ecr.startImageScan(r -> r.repositoryName("shop").imageId(tag("1")))))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void tags_of_a_repository_are_kept_and_lists_come_in_pages() {
        world.withShop();
        String arn = "arn:aws:ecr:us-east-1:111122223333:repository/shop";
        world.as(() -> world.ecr.tagResource(r -> r.resourceArn(arn).tags(Tag.builder().key("a").value("1").build(), Tag.builder().key("b")
                .value("2").build())));
        world.as(() -> world.ecr.untagResource(r -> r.resourceArn(arn).tagKeys("a")));
        assertThat(world.as(() -> world.ecr.listTagsForResource(r -> r.resourceArn(arn))).tags())
                .containsExactly(Tag.builder().key("b").value("2").build());

        world.as(() -> world.ecr.createRepository(r -> r.repositoryName("aaa")));
        DescribeRepositoriesResponse first = world.as(() -> world.ecr.describeRepositories(r -> r.maxResults(1)));
        assertThat(first.repositories()).extracting(Repository::repositoryName).containsExactly("aaa");
        assertThat(world.as(() -> world.ecr.describeRepositories(r -> r.maxResults(1).nextToken(first.nextToken()))).repositories())
                .extracting(Repository::repositoryName).containsExactly("shop");
        refused(() -> world.ecr.describeRepositories(r -> r.nextToken("garbage")), InvalidParameterException.class, "nextToken");
    }

    private PutImageResponse putHello(java.util.function.Consumer<PutImageRequest.Builder> more) {
        return world.ecr.putImage(r -> more.accept(r.repositoryName("shop").imageManifest(HELLO.text())
                .imageManifestMediaType(MediaTypes.DOCKER_MANIFEST)));
    }

    private UploadLayerPartResponse part(String upload, long first, byte[] bytes) {
        return world.ecr.uploadLayerPart(r -> r.repositoryName("shop").uploadId(upload).partFirstByte(first).partLastByte(first + bytes.length - 1)
                .layerPartBlob(SdkBytes.fromByteArray(bytes)));
    }

    private CompleteLayerUploadResponse complete(String upload, byte[] bytes) {
        return world.ecr.completeLayerUpload(r -> r.repositoryName("shop").uploadId(upload).layerDigests(Digest.of(bytes).toString()));
    }

    private List<String> images(TagStatus status) {
        return world.as(() -> world.ecr.listImages(r -> r.repositoryName("shop").filter(f -> f.tagStatus(status)))).imageIds().stream()
                .map(ImageIdentifier::imageDigest).toList();
    }

    private static ImageIdentifier tag(String name) {
        return ImageIdentifier.builder().imageTag(name).build();
    }

    private void refused(Supplier<?> call, Class<? extends AwsServiceException> type, String text) {
        assertThatThrownBy(() -> world.as(call)).isInstanceOf(type).hasMessageContaining(text);
    }
}
