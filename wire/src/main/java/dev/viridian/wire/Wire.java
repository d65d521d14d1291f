package dev.viridian.wire;

import dev.viridian.aws.Caller;
import dev.viridian.aws.Ids;
import dev.viridian.engine.time.Time;
import dev.viridian.wire.auth.AccessKeys;
import dev.viridian.wire.auth.Authenticator;
import dev.viridian.wire.auth.Identity;
import dev.viridian.wire.body.VerifiedBody;
import dev.viridian.wire.protocol.Answer;
import dev.viridian.wire.protocol.Failure;
import dev.viridian.wire.protocol.Input;
import dev.viridian.wire.protocol.Protocol;
import dev.viridian.wire.protocol.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;

/// Serves client interfaces of the AWS SDK over HTTP: `new Wire(keys, time, options).serve(EcsClient.class, ecs)`.
///
/// Blocks while it reads, calls and writes: the server it stands in should run on virtual threads. Answers every request, so other handlers stand
/// before it.
public final class Wire extends Handler.Abstract {
    private static final Logger LOG = LoggerFactory.getLogger(Wire.class);
    private static final int HEADER_LIMIT = 64 * 1024;

    private final List<Endpoint> endpoints = new CopyOnWriteArrayList<>();
    private final Router router;
    private final Authenticator authenticator;
    private final WireOptions options;

    public Wire(AccessKeys keys, Time time, WireOptions options) {
        this.options = options;
        this.router = new Router(endpoints, new S3Hosts(options.ownHosts()));
        this.authenticator = new Authenticator(keys, time, options.open(), options.defaultAccount(), options.defaultRegion());
    }

    /// Serves a service from now on. Its operations are linked when they are first called.
    ///
    /// @param clientInterface of the SDK, e.g. `EcsClient.class`
    public <I> Wire serve(Class<I> clientInterface, I implementation) {
        endpoints.add(new Endpoint(clientInterface, implementation));
        return this;
    }

    /// What AWS's clients need of Jetty: room for long headers, S3 keys that hold anything a path can, and header values letter by letter as they
    /// were signed (Jetty's parser otherwise puts known values in a form it has at hand, such as `text/plain;charset=utf-8`).
    public static HttpConfiguration prepare(HttpConfiguration configuration) {
        configuration.setUriCompliance(UriCompliance.UNSAFE);
        configuration.setHeaderCacheCaseSensitive(true);
        configuration.setRequestHeaderSize(HEADER_LIMIT);
        configuration.setResponseHeaderSize(HEADER_LIMIT);
        configuration.setSendServerVersion(false);
        return configuration;
    }

    /// Signatures cannot be verified over headers that were changed on the way, so the server's connectors are prepared whoever made them.
    @Override
    protected void doStart() throws Exception {
        for (Connector connector : getServer().getConnectors()) {
            connector.getConnectionFactories().stream().filter(HttpConfiguration.ConnectionFactory.class::isInstance)
                    .forEach(factory -> prepare(((HttpConfiguration.ConnectionFactory) factory).getHttpConfiguration()));
        }
        super.doStart();
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        String requestId = Ids.uuid();
        try {
            answer(request, response, requestId);
            callback.succeeded();
        } catch (IOException | RuntimeException e) {
            LOG.debug("The answer to request {} could not be sent", requestId, e);
            callback.failed(e);
        }
        return true;
    }

    private void answer(Request request, Response response, String requestId) throws IOException {
        Exchange exchange;
        try {
            exchange = new Exchange(request, response, options.bodyLimit());
        } catch (IllegalArgumentException e) {
            Response.writeError(request, response, Callback.NOOP, 400, e.getMessage());
            return;
        }
        Protocol protocol = router.guess(exchange.incoming());
        Route route = null;
        try {
            route = router.find(exchange.incoming(), exchange::unzipped);
            protocol = route.protocol();
            LinkedOperation operation = operation(route);
            Identity identity = authenticator.identify(exchange.incoming(), exchange::hash);
            perform(exchange, route, operation, identity, requestId);
        } catch (Throwable e) {
            if (exchange.isCommitted() || Failures.isGone(e)) {
                throw new IOException("the answer broke off", e);
            }
            Failure failure = Failures.of(e, route, protocol, requestId);
            exchange.send(protocol.error(failure, requestId, exchange.incoming().path()));
        }
    }

    private static LinkedOperation operation(Route route) {
        return route.endpoint().operation(route.operation()).orElseThrow(() -> new Refusal(
                route.endpoint().knows(route.operation()) ? Failures.unwritten(route) : Failures.unknown(route)));
    }

    private void perform(Exchange exchange, Route route, LinkedOperation operation, Identity identity, String requestId) throws Throwable {
        Caller caller = new Caller(identity.account(), identity.region(), identity.principal(), requestId);
        switch (operation.flow()) {
            case NOTHING -> callWhole(exchange, route, operation, caller, identity);
            case INPUT -> callWithFlowingInput(exchange, route, operation, caller, identity);
            case OUTPUT -> callWithFlowingOutput(exchange, route, operation, caller, identity);
        }
    }

    private void callWhole(Exchange exchange, Route route, LinkedOperation operation, Caller caller, Identity identity) throws Throwable {
        SdkPojo input = read(exchange, route, operation, exchange.content(checksumsOf(exchange, operation), identity));
        SdkPojo output = in(caller, () -> operation.call(input));
        exchange.send(route.protocol().write(operation.info(), output, caller.requestId()));
    }

    private void callWithFlowingInput(Exchange exchange, Route route, LinkedOperation operation, Caller caller, Identity identity) throws Throwable {
        SdkPojo input = read(exchange, route, operation, new byte[0]);
        try (VerifiedBody body = exchange.flowing(identity)) {
            String type = exchange.incoming().headers().first("content-type").orElse("application/octet-stream");
            RequestBody content = body.length().isPresent() ? RequestBody.fromContentProvider(() -> body, body.length().get(), type)
                    : RequestBody.fromContentProvider(() -> body, type);
            SdkPojo output = in(caller, () -> operation.call(input, content));
            if (body.rejection().isPresent()) {
                throw body.rejection().get();
            }
            exchange.send(route.protocol().write(operation.info(), output, caller.requestId()));
        }
    }

    private void callWithFlowingOutput(Exchange exchange, Route route, LinkedOperation operation, Caller caller, Identity identity) throws Throwable {
        SdkPojo input = read(exchange, route, operation, exchange.content(exchange.incoming().headers(), identity));
        ResponseTransformer<SdkPojo, Boolean> sender = (output, body) -> {
            Answer head = S3Habits.partial(route.protocol().write(operation.info(), output, caller.requestId()), exchange.incoming().query());
            exchange.send(head, body);
            return true;
        };
        in(caller, () -> operation.call(input, sender));
    }

    private static SdkPojo read(Exchange exchange, Route route, LinkedOperation operation, byte[] body) {
        return route.protocol().read(new Input(exchange.incoming(), operation.info(), operation.request(), route.labels(), route.form(), body));
    }

    /// The headers whose checksums describe the body; those of CompleteMultipartUpload describe the object it completes.
    private static Headers checksumsOf(Exchange exchange, LinkedOperation operation) {
        return operation.info().name().equals("CompleteMultipartUpload") ? new Headers() : exchange.incoming().headers();
    }

    private interface Call<R> {
        R run() throws Throwable;
    }

    private static <R> R in(Caller caller, Call<R> call) throws Throwable {
        Throwable[] thrown = new Throwable[1];
        @Nullable R result = Caller.get(caller, () -> attempt(call, thrown));
        if (thrown[0] != null) {
            throw thrown[0];
        }
        return result;
    }

    private static <R> @Nullable R attempt(Call<R> call, Throwable[] thrown) {
        try {
            return call.run();
        } catch (Throwable e) {
            thrown[0] = e; // carried over the scope's edge, which knows no checked exceptions
            return null;
        }
    }
}
