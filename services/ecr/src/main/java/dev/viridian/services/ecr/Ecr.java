package dev.viridian.services.ecr;

import dev.viridian.aws.Arn;
import dev.viridian.aws.Caller;
import dev.viridian.aws.shapes.Pages;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.time.Time;
import dev.viridian.engine.work.Work;
import dev.viridian.registry.BlobStore;
import dev.viridian.registry.ImageName;
import dev.viridian.registry.Registry;
import dev.viridian.registry.RegistryAccess;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.*;

/// Amazon ECR of this process. See the package for what differs from AWS.
public final class Ecr implements EcrClient {
    private static final String NAME_RULE = "must satisfy regular expression '(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*'";
    private static final int MOST_TAGS = 50;

    private final Store store;
    private final Time time;
    private final Repositories repositories;
    private final Images images;
    private final ImageEvents events;
    private final ImageQueries queries;
    private final ImageChanges changes;
    private final Layers layers;
    private final Lifecycles lifecycles;
    private final Housekeeping housekeeping;
    private final Tokens tokens;
    private final Registry registry;
    private final EcrAccess access;

    /// As the other one, with everybody at home in their own account only.
    public Ecr(Store store, Work work, Time time, BlobStore blobs) {
        this(store, work, time, blobs, EcrAuthority.OWN_ACCOUNT);
    }

    /// Comes before [Work#start].
    ///
    /// @param blobs where the bytes of images lie; nobody else writes there
    /// @param authority what callers who come in with docker, or from another account, may do
    public Ecr(Store store, Work work, Time time, BlobStore blobs, EcrAuthority authority) {
        this.store = store;
        this.time = time;
        this.repositories = new Repositories(store, authority);
        this.events = new ImageEvents(store, work, time);
        this.images = new Images(store, time, repositories, events);
        this.registry = new Registry(blobs, new EcrCatalog(repositories, images));
        this.queries = new ImageQueries(images, registry);
        this.housekeeping = new Housekeeping(work, time, repositories, images, blobs);
        this.changes = new ImageChanges(images, queries, registry, housekeeping);
        this.layers = new Layers(blobs);
        this.lifecycles = new Lifecycles(store, work, time, repositories, images, housekeeping);
        this.tokens = new Tokens(store, time);
        this.access = new EcrAccess(repositories, tokens, authority);
    }

    /// The images, for a registry host and for callers in this process.
    public Registry registry() {
        return registry;
    }

    /// For the registry host: what names mean and who may come in.
    public RegistryAccess registryAccess() {
        return access;
    }

    /// Whether an image name with this host (port included) means a repository here by AWS's own form, `<account>.dkr.ecr.<region>.amazonaws.com`.
    public static boolean isRegistryHost(String host) {
        return EcrAccess.isRegistry(host);
    }

    /// Calls `handler` for every image pushed or deleted from now on, in order, at least once. Comes before [Work#start].
    public void follow(String subscriber, Consumer<ImageEvent> handler) {
        events.follow(subscriber, handler);
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // the store and the blobs belong to the assembly
    }

    @Override
    public GetAuthorizationTokenResponse getAuthorizationToken(GetAuthorizationTokenRequest request) {
        Caller caller = Caller.current();
        Instant expires = time.now().plus(Tokens.VALID);
        String token = Base64.getEncoder().encodeToString(("AWS:" + tokens.issue(caller, expires)).getBytes(StandardCharsets.UTF_8));
        List<String> registries = request.registryIds().isEmpty() ? List.of(caller.account()) : request.registryIds();
        return GetAuthorizationTokenResponse.builder()
                .authorizationData(registries.stream().map(account -> AuthorizationData.builder().authorizationToken(token)
                .expiresAt(expires).proxyEndpoint("https://" + EcrRepository.host(account, caller.region())).build()).toList()).build();
    }

    // repositories

    @Override
    public CreateRepositoryResponse createRepository(CreateRepositoryRequest request) {
        if (!ImageName.isRepository(request.repositoryName()) || request.repositoryName().length() < 2) {
            throw Refusals.parameter("repositoryName", NAME_RULE);
        }
        EncryptionConfiguration encryption = request.encryptionConfiguration();
        if (encryption != null && encryption.encryptionType() != null && encryption.encryptionType() != EncryptionType.AES256) {
            throw new UnsupportedOperationException("CreateRepository with encryptionType " + encryption.encryptionTypeAsString()
                    + ": images are not encrypted with keys here");
        }
        Caller caller = Caller.current();
        EcrRepository repository = new EcrRepository(caller.account(), caller.region(), request.repositoryName(), time.now(),
                Optional.ofNullable(request.imageTagMutability()).orElse(ImageTagMutability.MUTABLE),
                patterns(request.imageTagMutabilityExclusionFilters()),
                request.imageScanningConfiguration() != null && Boolean.TRUE.equals(request.imageScanningConfiguration().scanOnPush()),
                Optional.empty(), Optional.empty(),
                tags(request.tags()));
        checkTags(repository.tags());
        repositories.add(repository);
        return CreateRepositoryResponse.builder().repository(repository.shown()).build();
    }

    @Override
    public DescribeRepositoriesResponse describeRepositories(DescribeRepositoriesRequest request) {
        if (!request.repositoryNames().isEmpty()) {
            return DescribeRepositoriesResponse.builder().repositories(request.repositoryNames().stream()
                    .map(name -> repositories.require(request.registryId(), name, "ecr:DescribeRepositories").shown()).toList()).build();
        }
        Pages.Page<EcrRepository> page = ImageQueries.page(repositories.list(request.registryId()), request.nextToken(), request.maxResults(),
                EcrRepository::name);
        return DescribeRepositoriesResponse.builder().repositories(page.items().stream().map(EcrRepository::shown).toList())
                .nextToken(page.nextToken()).build();
    }

    @Override
    public DeleteRepositoryResponse deleteRepository(DeleteRepositoryRequest request) {
        EcrRepository repository = repositories.require(request.registryId(), request.repositoryName(), "ecr:DeleteRepository");
        store.transact(() -> {
            if (!Boolean.TRUE.equals(request.force()) && !images.list(repository).isEmpty()) {
                throw Refusals.notEmpty(repository.name(), repository.account());
            }
            images.forget(repository);
            repositories.remove(repository);
            housekeeping.forgetBlobs(repository);
        });
        return DeleteRepositoryResponse.builder().repository(repository.shown()).build();
    }

    @Override
    public PutImageTagMutabilityResponse putImageTagMutability(PutImageTagMutabilityRequest request) {
        EcrRepository repository = repositories.require(request.registryId(), request.repositoryName(), "ecr:PutImageTagMutability");
        EcrRepository changed = repositories.change(repository, row -> row.withMutability(request.imageTagMutability(),
                patterns(request.imageTagMutabilityExclusionFilters())));
        return PutImageTagMutabilityResponse.builder().registryId(changed.account()).repositoryName(changed.name())
                .imageTagMutability(changed.mutability())
                .imageTagMutabilityExclusionFilters(changed.shown().imageTagMutabilityExclusionFilters()).build();
    }

    @Override
    public PutImageScanningConfigurationResponse putImageScanningConfiguration(PutImageScanningConfigurationRequest request) {
        EcrRepository repository = repositories.require(request.registryId(), request.repositoryName(), "ecr:PutImageScanningConfiguration");
        EcrRepository changed = repositories.change(repository, row -> row.withScan(Boolean.TRUE.equals(request.imageScanningConfiguration()
                .scanOnPush())));
        return PutImageScanningConfigurationResponse.builder().registryId(changed.account()).repositoryName(changed.name())
                .imageScanningConfiguration(s -> s.scanOnPush(changed.scanOnPush())).build();
    }

    // images

    @Override
    public DescribeImagesResponse describeImages(DescribeImagesRequest request) {
        return queries.describe(repositories.require(request.registryId(), request.repositoryName(), "ecr:DescribeImages"), request);
    }

    @Override
    public ListImagesResponse listImages(ListImagesRequest request) {
        return queries.list(repositories.require(request.registryId(), request.repositoryName(), "ecr:ListImages"), request);
    }

    @Override
    public BatchGetImageResponse batchGetImage(BatchGetImageRequest request) {
        return queries.batchGet(repositories.require(request.registryId(), request.repositoryName(), "ecr:BatchGetImage"), request);
    }

    @Override
    public BatchDeleteImageResponse batchDeleteImage(BatchDeleteImageRequest request) {
        return changes.delete(repositories.require(request.registryId(), request.repositoryName(), "ecr:BatchDeleteImage"), request);
    }

    @Override
    public PutImageResponse putImage(PutImageRequest request) {
        return changes.put(repositories.require(request.registryId(), request.repositoryName(), "ecr:PutImage"), request);
    }

    /// No image is ever scanned here, so there never is a scan. Starting one is not implemented.
    @Override
    public DescribeImageScanFindingsResponse describeImageScanFindings(DescribeImageScanFindingsRequest request) {
        EcrRepository repository = repositories.require(request.registryId(), request.repositoryName(), "ecr:DescribeImageScanFindings");
        throw switch (queries.find(repository, request.imageId())) {
            case ImageQueries.Found.Here _ -> Refusals.noScan(request.imageId(), repository.name(), repository.account());
            case ImageQueries.Found.Failed _ -> Refusals.noImage(request.imageId(), repository.name(), repository.account());
        };
    }

    // layers

    @Override
    public BatchCheckLayerAvailabilityResponse batchCheckLayerAvailability(BatchCheckLayerAvailabilityRequest request) {
        return layers.check(repositories.require(request.registryId(), request.repositoryName(), "ecr:BatchCheckLayerAvailability"),
                request.layerDigests());
    }

    @Override
    public InitiateLayerUploadResponse initiateLayerUpload(InitiateLayerUploadRequest request) {
        return layers.initiate(repositories.require(request.registryId(), request.repositoryName(), "ecr:InitiateLayerUpload"));
    }

    @Override
    public UploadLayerPartResponse uploadLayerPart(UploadLayerPartRequest request) {
        return layers.part(repositories.require(request.registryId(), request.repositoryName(), "ecr:UploadLayerPart"), request);
    }

    @Override
    public CompleteLayerUploadResponse completeLayerUpload(CompleteLayerUploadRequest request) {
        return layers.complete(repositories.require(request.registryId(), request.repositoryName(), "ecr:CompleteLayerUpload"), request);
    }

    // policies

    @Override
    public SetRepositoryPolicyResponse setRepositoryPolicy(SetRepositoryPolicyRequest request) {
        EcrRepository repository = repositories.require(request.registryId(), request.repositoryName(), "ecr:SetRepositoryPolicy");
        Json.requireObject(request.policyText(), "PolicyText");
        repositories.change(repository, row -> row.withPolicy(Optional.of(request.policyText())));
        return SetRepositoryPolicyResponse.builder().registryId(repository.account()).repositoryName(repository.name())
                .policyText(request.policyText()).build();
    }

    @Override
    public GetRepositoryPolicyResponse getRepositoryPolicy(GetRepositoryPolicyRequest request) {
        EcrRepository repository = repositories.require(request.registryId(), request.repositoryName(), "ecr:GetRepositoryPolicy");
        return GetRepositoryPolicyResponse.builder().registryId(repository.account()).repositoryName(repository.name())
                .policyText(policy(repository)).build();
    }

    @Override
    public DeleteRepositoryPolicyResponse deleteRepositoryPolicy(DeleteRepositoryPolicyRequest request) {
        EcrRepository repository = repositories.require(request.registryId(), request.repositoryName(), "ecr:DeleteRepositoryPolicy");
        String text = policy(repository);
        repositories.change(repository, row -> row.withPolicy(Optional.empty()));
        return DeleteRepositoryPolicyResponse.builder().registryId(repository.account()).repositoryName(repository.name()).policyText(text).build();
    }

    private static String policy(EcrRepository repository) {
        return repository.policy().orElseThrow(() -> Refusals.noPolicy(repository.name(), repository.account()));
    }

    @Override
    public PutLifecyclePolicyResponse putLifecyclePolicy(PutLifecyclePolicyRequest request) {
        EcrRepository repository = repositories.require(request.registryId(), request.repositoryName(), "ecr:PutLifecyclePolicy");
        lifecycles.put(repository, request.lifecyclePolicyText());
        return PutLifecyclePolicyResponse.builder().registryId(repository.account()).repositoryName(repository.name())
                .lifecyclePolicyText(request.lifecyclePolicyText()).build();
    }

    @Override
    public GetLifecyclePolicyResponse getLifecyclePolicy(GetLifecyclePolicyRequest request) {
        EcrRepository repository = repositories.require(request.registryId(), request.repositoryName(), "ecr:GetLifecyclePolicy");
        EcrRepository.Lifecycle lifecycle = lifecycle(repository);
        return GetLifecyclePolicyResponse.builder().registryId(repository.account()).repositoryName(repository.name())
                .lifecyclePolicyText(lifecycle.text())
                .lastEvaluatedAt(lifecycle.evaluated().orElse(null)).build();
    }

    @Override
    public DeleteLifecyclePolicyResponse deleteLifecyclePolicy(DeleteLifecyclePolicyRequest request) {
        EcrRepository repository = repositories.require(request.registryId(), request.repositoryName(), "ecr:DeleteLifecyclePolicy");
        EcrRepository.Lifecycle lifecycle = lifecycle(repository);
        lifecycles.remove(repository);
        return DeleteLifecyclePolicyResponse.builder().registryId(repository.account()).repositoryName(repository.name())
                .lifecyclePolicyText(lifecycle.text())
                .lastEvaluatedAt(lifecycle.evaluated().orElse(null)).build();
    }

    private static EcrRepository.Lifecycle lifecycle(EcrRepository repository) {
        return repository.lifecycle().orElseThrow(() -> Refusals.noLifecycle(repository.name(), repository.account()));
    }

    // tags

    @Override
    public TagResourceResponse tagResource(TagResourceRequest request) {
        repositories.change(byArn(request.resourceArn()), row -> {
            Map<String, String> all = new LinkedHashMap<>(row.tags());
            all.putAll(tags(request.tags()));
            checkTags(all);
            return row.withTags(all);
        });
        return TagResourceResponse.builder().build();
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest request) {
        repositories.change(byArn(request.resourceArn()), row -> {
            Map<String, String> left = new LinkedHashMap<>(row.tags());
            request.tagKeys().forEach(left::remove);
            return row.withTags(left);
        });
        return UntagResourceResponse.builder().build();
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest request) {
        return ListTagsForResourceResponse.builder().tags(byArn(request.resourceArn()).tags().entrySet().stream()
                .sorted(Comparator.comparing(Map.Entry::getKey))
                .map(entry -> Tag.builder().key(entry.getKey()).value(entry.getValue()).build()).toList()).build();
    }

    private EcrRepository byArn(String text) {
        if (!Arn.isArn(text) || !Arn.parse(text).resource().startsWith("repository/")) {
            throw Refusals.parameter("resourceArn", "must be the ARN of a repository");
        }
        Arn arn = Arn.parse(text);
        return repositories.require(arn.account(), arn.resource().substring("repository/".length()), "ecr:TagResource");
    }

    private static Map<String, String> tags(List<Tag> tags) {
        return tags.stream().collect(Collectors.toMap(Tag::key, tag -> Optional.ofNullable(tag.value()).orElse(""), (_, last) -> last,
                LinkedHashMap::new));
    }

    private static void checkTags(Map<String, String> tags) {
        if (tags.size() > MOST_TAGS) {
            throw TooManyTagsException.builder()
                    .message("The list of tags on the repository is over the limit. The maximum number of tags that can be applied to a "
                    + "repository is 50.").build();
        }
    }

    private static List<String> patterns(List<ImageTagMutabilityExclusionFilter> filters) {
        return filters.stream().map(ImageTagMutabilityExclusionFilter::filter).toList();
    }
}
