package dev.viridian.app;

import dev.viridian.app.access.Access;
import dev.viridian.app.access.AuditTrail;
import dev.viridian.app.access.Authorisation;
import dev.viridian.app.access.Faults;
import dev.viridian.app.internal.Internals;
import dev.viridian.app.internal.Status;
import dev.viridian.app.links.GitLogins;
import dev.viridian.app.links.ImagesOfRegistry;
import dev.viridian.app.links.KeysOfIam;
import dev.viridian.app.links.ListenerCertificates;
import dev.viridian.app.links.LocalIssuer;
import dev.viridian.app.links.RegistryGateway;
import dev.viridian.app.links.RoleCredentials;
import dev.viridian.app.links.WorkingCopies;
import dev.viridian.app.tls.CertificateAuthority;
import dev.viridian.aws.shapes.ShapesMapper;
import dev.viridian.container.ContainerException;
import dev.viridian.container.ContainerRuntime;
import dev.viridian.container.docker.DockerEngine;
import dev.viridian.container.gateway.EngineGateway;
import dev.viridian.container.gateway.Tenant;
import dev.viridian.engine.store.SqliteStore;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.time.SystemTime;
import dev.viridian.engine.work.Work;
import dev.viridian.git.GitHost;
import dev.viridian.git.GitLimits;
import dev.viridian.git.GitRepositories;
import dev.viridian.proxy.Proxy;
import dev.viridian.proxy.ProxyOptions;
import dev.viridian.registry.BlobStore;
import dev.viridian.registry.Registry;
import dev.viridian.registry.RegistryHost;
import dev.viridian.services.acm.Acm;
import dev.viridian.services.acm.CertificateUsers;
import dev.viridian.services.cloudwatch.CloudWatch;
import dev.viridian.services.codebuild.BuildEnvironment;
import dev.viridian.services.codebuild.CodeBuild;
import dev.viridian.services.codebuild.GatewayAccess;
import dev.viridian.services.codebuild.HiddenValues;
import dev.viridian.services.codecommit.CodeCommit;
import dev.viridian.services.codedeploy.CodeDeploy;
import dev.viridian.services.codedeploy.deployment.HookInvoker;
import dev.viridian.services.codepipeline.CodePipeline;
import dev.viridian.services.ec2.Ec2;
import dev.viridian.services.ecr.Ecr;
import dev.viridian.services.ecr.EcrAuthority;
import dev.viridian.services.ecs.Ecs;
import dev.viridian.services.ecs.EcsOptions;
import dev.viridian.services.elbv2.ElasticLoadBalancingV2;
import dev.viridian.services.elbv2.LoadBalancerOptions;
import dev.viridian.services.elbv2.logs.LogPlace;
import dev.viridian.services.iam.Iam;
import dev.viridian.services.iam.ResourcePolicy;
import dev.viridian.services.iam.Sts;
import dev.viridian.services.logs.Logs;
import dev.viridian.services.s3.S3;
import dev.viridian.wire.Wire;
import dev.viridian.wire.WireOptions;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.eclipse.jetty.server.Handler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.acm.AcmClient;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.codebuild.CodeBuildClient;
import software.amazon.awssdk.services.codecommit.CodeCommitClient;
import software.amazon.awssdk.services.codedeploy.CodeDeployClient;
import software.amazon.awssdk.services.codepipeline.CodePipelineClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sts.StsClient;

/// Builds the world, from mechanisms to services, and takes it apart in reverse order.
final class Wiring implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Wiring.class);

    /// Linux allows 107 bytes for the path of a unix socket, macOS 103.
    private static final int LONGEST_SOCKET_PATH = 100;
    private static final int BUILDS_AT_ONCE = 4;
    /// How containers call this machine, on every engine.
    private static final Map<String, String> HOST_NAMES = Map.of("host.docker.internal", "host-gateway");

    private final Settings settings;
    private final String installation;
    private final Deque<AutoCloseable> opened;
    private final Map<Class<?>, Object> clients = new LinkedHashMap<>();
    private final Access access;
    private final Store store;
    private final ContainerRuntime runtime;
    private final S3 objects;
    private final ElasticLoadBalancingV2 balancers;
    /// What EC2 shows of ECS's tasks and machines is asked only once both are there.
    private final Ecs ecsService;
    private final HttpFront front;
    private final Path ca;
    private final Optional<Path> dockerSocket;

    /// All or nothing: what was opened before something failed is closed again, so that the next start finds the folder and the ports free.
    ///
    /// @param beforeListening runs where the listeners are started
    static Wiring start(Settings settings, Runnable beforeListening) {
        Deque<AutoCloseable> opened = new ArrayDeque<>();
        try {
            return new Wiring(settings, beforeListening, opened);
        } catch (RuntimeException | Error e) {
            close(opened);
            throw e;
        }
    }

    /// @param opened gets what is open, the latest first, whether or not this returns
    private Wiring(Settings settings, Runnable beforeListening, Deque<AutoCloseable> opened) {
        this.settings = settings;
        this.opened = opened;
        Path data = settings.data();
        DataFolderLock folder = own(DataFolderLock.take(data));
        this.installation = folder.installation();

        // mechanisms
        this.store = own(SqliteStore.open(data.resolve("state.db"), ShapesMapper.create()));
        SystemTime time = own(new SystemTime(settings.pace()));
        DockerEngine engine = own(DockerEngine.discover(time));
        this.runtime = Labelled.with(engine, installation);
        if (settings.ephemeral()) {
            own(this::emptyEngine); // once work has stopped
        }
        Work work = own(new Work(store, time));
        Proxy proxy = own(new Proxy(time, ProxyOptions.DEFAULT.withNames("awselb/2.0", "X-Amzn-Trace-Id", "ELB-HealthChecker/2.0")));
        GitRepositories git = own(GitRepositories.open(data.resolve("git")));
        BlobStore layers = BlobStore.open(data.resolve("registry"), time);
        CertificateAuthority authority = CertificateAuthority.in(data.resolve("tls"), time.now());
        this.ca = data.resolve("tls/ca.pem");
        this.front = own(new HttpFront(settings, authority, time));
        this.access = new Access(Authorisation.everythingIsAllowed(), Faults.none(), own(new AuditTrail(time, data.resolve("audit.jsonl"))));

        // services, each behind the gate, each given the others by AWS's own interfaces
        Iam iam = new Iam(store, time, settings.account(), this::usersOfCertificate);
        KeysOfIam keys = new KeysOfIam(iam);
        serve(IamClient.class, iam);
        StsClient sts = serve(StsClient.class, new Sts(iam));
        this.objects = new S3(store, time, data.resolve("s3"), (policy, owner, caller, action, resource, context) ->
                iam.decide(caller, Optional.empty(), action, resource, Optional.of(new ResourcePolicy(policy, owner)), context).allowed());
        S3Client s3 = serve(S3Client.class, objects);
        Ec2Client ec2 = serve(Ec2Client.class, new Ec2(store, time, this::taskInterfaces, this::hostInstances));
        CloudWatchLogsClient logs = serve(CloudWatchLogsClient.class, new Logs(store, time));
        CloudWatchClient cloudWatch = serve(CloudWatchClient.class, new CloudWatch(store, work, time));
        Acm acm = new Acm(store, work, time, new LocalIssuer(authority, time), certificateUsers());
        serve(AcmClient.class, acm);
        this.balancers = own(new ElasticLoadBalancingV2(store, work, time, proxy, ec2, cloudWatch,
                LoadBalancerOptions.DEFAULT.withCertificates(new ListenerCertificates(acm, iam)).withLogs(LogPlace.in(data.resolve("elb-logs"), s3))));
        ElasticLoadBalancingV2Client elb = serve(ElasticLoadBalancingV2Client.class, balancers);
        ContainerBridge.address().ifPresent(front::alsoBind); // before a listener takes the port there
        FutureTask<ElasticLoadBalancingV2> listening = beside("viridian-listeners", () -> {
            beforeListening.run();
            return balancers.start();
        });
        Ecr ecrService = new Ecr(store, work, time, layers, EcrAuthority.OWN_ACCOUNT);
        Registry registry = ecrService.registry();
        EcrClient ecr = serve(EcrClient.class, ecrService);
        CodeCommit codeCommitService = new CodeCommit(store, work, time, git, new GitLogins(iam, keys, time, settings.open()));
        CodeCommitClient codeCommit = serve(CodeCommitClient.class, codeCommitService);
        this.ecsService = own(new Ecs(store, work, time, runtime, elb, logs, ec2, s3, new ImagesOfRegistry(registry, runtime.images()),
                EcsOptions.in(installation, data.resolve("scratch")).withCredentials(new RoleCredentials(sts))
                        .withEnvironment(Map.of("AWS_ENDPOINT_URL", endpointForContainers(), "AWS_DEFAULT_REGION", settings.region()))
                        .withExtraHosts(HOST_NAMES)));
        EcsClient ecs = serve(EcsClient.class, ecsService);
        EngineGateway gateway = new EngineGateway(engine, new RegistryGateway(registry, ecrService.registryAccess()));
        BuildEnvironment inside = new BuildEnvironment(URI.create(endpointForContainers()), HOST_NAMES,
                authority.pem(), BUILDS_AT_ONCE);
        CodeBuild codeBuildService = own(new CodeBuild(store, work, time,
                new CodeBuild.Neighbours(s3, logs, sts, new WorkingCopies(codeCommit, codeCommitService::archive), HiddenValues.none()),
                new CodeBuild.Place(runtime, new GatewayAccess(gateway, runtime, data.resolve("builds")), inside)));
        CodeBuildClient codeBuild = serve(CodeBuildClient.class, codeBuildService);
        CodeDeployClient codeDeploy = serve(CodeDeployClient.class, new CodeDeploy(store, work, time, ecs, elb, cloudWatch, s3, HookInvoker.none()));
        CodePipeline pipelines = new CodePipeline(store, work, time,
                new CodePipeline.Providers(sts, codeCommit, codeCommitService::archive, codeBuild, codeDeploy, ecs, s3, ShapesMapper.create()));
        serve(CodePipelineClient.class, pipelines);
        codeCommitService.follow("codepipeline", event -> {
            if (event.isBranch() && event.after().isPresent()) {
                pipelines.pushed(event.account(), event.region(), event.repositoryName(), event.shortName(), event.id());
            }
        });

        // the door
        Wire wire = new Wire(keys, time, settings.open() ? WireOptions.open(settings.account(), settings.region()) : WireOptions.verifying(settings.account(), settings.region()));
        clients.forEach((type, client) -> serveOnWire(wire, type, client));
        Internals internals = new Internals(this::status, balancers::observed, authority.pem(), settings.ephemeral() ? Optional.of(this::reset) : Optional.empty());
        GitHost gitHost = new GitHost(git, codeCommitService.gitAccess(), codeCommitService.pushListener(), GitLimits.DEFAULT);
        RegistryHost registryHost = new RegistryHost(registry, ecrService.registryAccess());
        front.prepare(new Handler.Sequence(internals, gitHost, registryHost, wire));
        finished(listening); // whoever is answered finds the listeners that he knows of
        front.serve();
        work.start();
        this.dockerSocket = runtimeAnswers() ? Optional.of(openForShells(gateway)) : Optional.empty();
    }

    /// Asked only once the balancers are there.
    private CertificateUsers certificateUsers() {
        return new CertificateUsers() {
            @Override
            public List<String> of(String certificateArn) {
                return usersOfCertificate(certificateArn);
            }

            @Override
            public void changed(String certificateArn) {
                balancers.certificateChanged(certificateArn);
            }
        };
    }

    private List<String> usersOfCertificate(String arn) {
        return balancers.usersOfCertificate(arn);
    }

    private List<NetworkInterface> taskInterfaces() {
        return ecsService.networkInterfaces();
    }

    private List<Instance> hostInstances() {
        return ecsService.hostInstances();
    }

    private String endpointForContainers() {
        return "http://host.docker.internal:" + front.port();
    }

    private boolean runtimeAnswers() {
        return Engines.describe(runtime).available();
    }

    /// The engine as seen from this machine's shells: the same doorkeeper that builds have, so that `docker push` knows ECR names.
    private Path openForShells(EngineGateway gateway) {
        Path wanted = settings.data().resolve("docker.sock");
        Path socket = wanted.toString().length() <= LONGEST_SOCKET_PATH ? wanted : Path.of(System.getProperty("java.io.tmpdir"), "viridian-" + installation + ".sock");
        own(gateway.open(socket, new Tenant("the shells of this machine", Map.of(Labelled.LABEL, installation, "dev.viridian.tenant", "shell"))));
        return socket;
    }

    private <C> C serve(Class<C> clientInterface, C service) {
        C gated = access.before(clientInterface, service);
        clients.put(clientInterface, gated);
        return gated;
    }

    private static <C> void serveOnWire(Wire wire, Class<C> clientInterface, Object client) {
        wire.serve(clientInterface, clientInterface.cast(client));
    }

    /// Keys and native libraries for listeners of HTTPS take about as long as all the rest of a start.
    private <T> FutureTask<T> beside(String name, Callable<T> part) {
        FutureTask<T> task = new FutureTask<>(part);
        Thread thread = Thread.ofPlatform().name(name).start(task);
        own(thread::join); // it would go on opening what was closed
        return task;
    }

    private static void finished(FutureTask<?> task) {
        try {
            task.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("Could not start the load balancers: " + e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the load balancers started", e);
        }
    }

    private <T extends AutoCloseable> T own(T resource) {
        opened.push(resource);
        return resource;
    }

    <C> C client(Class<C> clientInterface) {
        Object client = clients.get(clientInterface);
        if (client == null) {
            throw new IllegalArgumentException("no service here implements " + clientInterface.getSimpleName());
        }
        return clientInterface.cast(client);
    }

    String endpoint() {
        return "http://" + settings.address() + ":" + front.port();
    }

    Path certificateAuthority() {
        return ca;
    }

    Optional<String> dockerHost() {
        return dockerSocket.map(path -> "unix://" + path);
    }

    Status status() {
        List<Status.Listener> listeners = balancers.bindings().stream()
                .map(b -> new Status.Listener(b.loadBalancerName(), b.protocol().toLowerCase(Locale.ROOT) + "://" + b.dnsName() + ":" + b.wantedPort(), b.wantedPort(),
                        b.port() == 0 ? "" : b.address() + ":" + b.port(), b.explanation()))
                .toList();
        return new Status(Viridian.VERSION, endpoint(), settings.account(), settings.region(), settings.pace(), settings.open() ? "any key and signature is accepted" : "verified",
                settings.data().toString(), settings.ephemeral(), Engines.describe(runtime).description(),
                clients.keySet().stream().map(c -> c.getSimpleName().replace("Client", "").toLowerCase(Locale.ROOT)).toList(), listeners);
    }

    /// Forgets everything at once; files and containers that nobody knows any more go in the background.
    private void reset() {
        store.clear();
        Runnable deleteBlobs = objects.forgetBlobs();
        balancers.start();
        ecsService.sweep();
        Thread.ofVirtual().name("viridian-reset").start(deleteBlobs);
    }

    /// A server that keeps nothing leaves nothing in the engine either: tasks, builds, and what shells and builds made through our sockets.
    private void emptyEngine() {
        Map<String, String> ours = Map.of(Labelled.LABEL, installation);
        try {
            runtime.list(ours).forEach(container -> runtime.remove(container.id()));
            runtime.networks(ours).forEach(network -> runtime.removeNetwork(network.name()));
        } catch (ContainerException e) {
            LOG.warn("Could not remove everything of installation {} from the engine", installation, e);
        }
    }

    @Override
    public void close() {
        close(opened);
    }

    private static void close(Deque<AutoCloseable> opened) {
        while (!opened.isEmpty()) {
            AutoCloseable next = opened.pop();
            try {
                next.close();
            } catch (Exception e) {
                LOG.warn("Could not close {} cleanly", next.getClass().getSimpleName(), e);
            }
        }
    }
}
