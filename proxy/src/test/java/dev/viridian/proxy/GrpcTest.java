package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.viridian.proxy.routing.Target;
import dev.viridian.proxy.routing.TargetGroup;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// gRPC's own client and server, with the proxy between them.
class GrpcTest {
    private static final MethodDescriptor.Marshaller<String> TEXT = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(String value) {
            return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
            try {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    };
    private static final MethodDescriptor<String, String> UNARY = method("Unary", MethodType.UNARY);
    private static final MethodDescriptor<String, String> COUNT = method("Count", MethodType.SERVER_STREAMING);
    private static final MethodDescriptor<String, String> JOIN = method("Join", MethodType.CLIENT_STREAMING);
    private static final MethodDescriptor<String, String> CHAT = method("Chat", MethodType.BIDI_STREAMING);
    private static final MethodDescriptor<String, String> FAIL = method("Fail", MethodType.UNARY);
    private static final MethodDescriptor<String, String> NEVER = method("Never", MethodType.UNARY);
    private static final MethodDescriptor<String, String> MISSING = method("Missing", MethodType.UNARY);
    private static final Metadata.Key<String> DETAIL = Metadata.Key.of("x-detail", Metadata.ASCII_STRING_MARSHALLER);

    private final Rig rig = new Rig();
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private Server server;
    private ManagedChannel channel;
    private int port;

    private static MethodDescriptor<String, String> method(String name, MethodType type) {
        return MethodDescriptor.<String, String>newBuilder().setType(type).setFullMethodName("test.Words/" + name).setRequestMarshaller(TEXT)
                .setResponseMarshaller(TEXT).build();
    }

    @BeforeEach
    void start() throws IOException {
        server = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create()).addService(ServerServiceDefinition.builder("test.Words")
                .addMethod(UNARY, ServerCalls.asyncUnaryCall((String word, StreamObserver<String> out) -> {
                    out.onNext(word.toUpperCase());
                    out.onCompleted();
                }))
                .addMethod(COUNT, ServerCalls.asyncServerStreamingCall((String word, StreamObserver<String> out) -> {
                    for (int i = 0; i < Integer.parseInt(word); i++) {
                        out.onNext(String.valueOf(i));
                    }
                    out.onCompleted();
                }))
                .addMethod(JOIN, ServerCalls.asyncClientStreamingCall(GrpcTest::joining))
                .addMethod(CHAT, ServerCalls.asyncBidiStreamingCall(GrpcTest::answering))
                .addMethod(FAIL, ServerCalls.asyncUnaryCall((String word, StreamObserver<String> out) -> {
                    Metadata trailers = new Metadata();
                    trailers.put(DETAIL, word);
                    out.onError(Status.FAILED_PRECONDITION.withDescription("not yet").asRuntimeException(trailers));
                }))
                .addMethod(NEVER, ServerCalls.asyncUnaryCall((String word, StreamObserver<String> out) -> {
                    ((ServerCallStreamObserver<String>) out).setOnCancelHandler(cancelled::countDown);
                    asked.countDown();
                })).build()).build().start();
        port = rig.serve(Http2Rig.https(), grpc(server.getPort()));
        channel = channel();
    }

    private static TargetGroup grpc(int port) {
        return Rig.group("group", List.of(Target.at("127.0.0.1", port))).withVersion(TargetGroup.Version.GRPC);
    }

    private ManagedChannel channel() throws IOException {
        byte[] pem = Http2Rig.CERTIFICATE.pem().chainPem().getBytes(StandardCharsets.US_ASCII);
        return Grpc.newChannelBuilder("127.0.0.1:" + port, TlsChannelCredentials.newBuilder().trustManager(new ByteArrayInputStream(pem)).build())
                .overrideAuthority("one.test").build();
    }

    private static StreamObserver<String> joining(StreamObserver<String> out) {
        StringBuilder all = new StringBuilder();
        return new Words(all::append, () -> {
            out.onNext(all.toString());
            out.onCompleted();
        });
    }

    private static StreamObserver<String> answering(StreamObserver<String> out) {
        return new Words(word -> out.onNext("re: " + word), out::onCompleted);
    }

    private record Words(java.util.function.Consumer<String> each, Runnable end) implements StreamObserver<String> {
        @Override
        public void onNext(String word) {
            each.accept(word);
        }

        @Override
        public void onError(Throwable cause) {
            // The call is over, which its other side knows.
        }

        @Override
        public void onCompleted() {
            end.run();
        }
    }

    @AfterEach
    void stop() throws InterruptedException {
        channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
        server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
        rig.close();
    }

    private String call(MethodDescriptor<String, String> method, String word) {
        return ClientCalls.blockingUnaryCall(channel, method, CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS), word);
    }

    @Test
    void a_call_is_answered_whatever_its_size() {
        assertThat(call(UNARY, "word")).isEqualTo("WORD");
        String large = "a".repeat(1_000_000);
        assertThat(call(UNARY, large)).isEqualTo("A".repeat(1_000_000));
        assertThat(rig.counts("group").status2xx()).isEqualTo(2);
        assertThat(rig.front().grpcRequests()).isEqualTo(2);
        Rig.eventually(() -> rig.counts("group").inFlight() == 0);
    }

    @Test
    void a_server_may_stream() {
        Iterator<String> counted = ClientCalls.blockingServerStreamingCall(channel, COUNT,
                CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS), "5000");
        List<String> all = new ArrayList<>();
        counted.forEachRemaining(all::add);
        assertThat(all).hasSize(5000).endsWith("4999");
    }

    @Test
    void a_client_may_stream() throws InterruptedException {
        Answers answers = new Answers();
        StreamObserver<String> words = ClientCalls.asyncClientStreamingCall(channel.newCall(JOIN, CallOptions.DEFAULT), answers);
        for (int i = 0; i < 100; i++) {
            words.onNext(i + ",");
        }
        words.onCompleted();
        assertThat(answers.next()).startsWith("0,1,2,").endsWith("98,99,");
        assertThat(answers.next()).isEqualTo("end");
    }

    @Test
    void both_may_stream_and_wait_for_each_other() throws InterruptedException {
        Answers answers = new Answers();
        StreamObserver<String> words = ClientCalls.asyncBidiStreamingCall(channel.newCall(CHAT, CallOptions.DEFAULT), answers);
        for (int i = 0; i < 20; i++) {
            words.onNext("word " + i);
            assertThat(answers.next()).isEqualTo("re: word " + i);
        }
        words.onCompleted();
        assertThat(answers.next()).isEqualTo("end");
    }

    private record Answers(BlockingQueue<String> queue) implements StreamObserver<String> {
        Answers() {
            this(new LinkedBlockingQueue<>());
        }

        @Override
        public void onNext(String answer) {
            queue.add(answer);
        }

        @Override
        public void onError(Throwable cause) {
            queue.add("error " + Status.fromThrowable(cause).getCode());
        }

        @Override
        public void onCompleted() {
            queue.add("end");
        }

        String next() throws InterruptedException {
            String next = queue.poll(30, TimeUnit.SECONDS);
            assertThat(next).as("what comes within 30 s").isNotNull();
            return next;
        }
    }

    @Test
    void errors_arrive_with_their_words_and_details() {
        assertThatThrownBy(() -> call(FAIL, "because")).isInstanceOfSatisfying(StatusRuntimeException.class, error -> {
            assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
            assertThat(error.getStatus().getDescription()).isEqualTo("not yet");
            assertThat(error.getTrailers()).isNotNull();
            assertThat(error.getTrailers().get(DETAIL)).isEqualTo("because");
        });
        assertThatThrownBy(() -> call(MISSING, "")).isInstanceOfSatisfying(StatusRuntimeException.class,
                error -> assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED));
    }

    @Test
    void a_call_that_is_cancelled_is_cancelled_at_the_server() throws InterruptedException {
        ClientCall<String, String> call = channel.newCall(NEVER, CallOptions.DEFAULT);
        Answers answers = new Answers();
        ClientCalls.asyncUnaryCall(call, "", answers);
        assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
        call.cancel("no longer wanted", null);
        assertThat(cancelled.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(answers.next()).isEqualTo("error CANCELLED");
        Rig.eventually(() -> rig.counts("group").inFlight() == 0);
        assertThat(call(UNARY, "still there")).isEqualTo("STILL THERE");
    }

    @Test
    void a_deadline_ends_the_call_on_both_sides() throws InterruptedException {
        assertThatThrownBy(() -> ClientCalls.blockingUnaryCall(channel, NEVER, CallOptions.DEFAULT.withDeadlineAfter(2, TimeUnit.SECONDS), ""))
                .isInstanceOfSatisfying(StatusRuntimeException.class,
                        error -> assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED));
        assertThat(cancelled.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void a_target_that_is_not_there_is_unavailable() throws InterruptedException {
        server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
        assertThatThrownBy(() -> call(UNARY, "")).isInstanceOfSatisfying(StatusRuntimeException.class,
                error -> assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
    }

    @Test
    void a_conversation_outlives_its_targets_deregistration() throws InterruptedException {
        Answers answers = new Answers();
        StreamObserver<String> words = ClientCalls.asyncBidiStreamingCall(channel.newCall(CHAT, CallOptions.DEFAULT), answers);
        words.onNext("before");
        assertThat(answers.next()).isEqualTo("re: before");
        rig.serve(Http2Rig.https(), grpc(server.getPort()).withTargets(List.of()));
        words.onNext("after");
        assertThat(answers.next()).isEqualTo("re: after");
        words.onCompleted();
        assertThat(answers.next()).isEqualTo("end");
        Rig.eventually(() -> rig.proxy.health("group").isEmpty());
    }

    @Test
    void a_server_may_speak_tls() throws IOException, InterruptedException {
        Certificates theirs = Certificates.forName("target.test");
        Server secret = Grpc.newServerBuilderForPort(0, TlsServerCredentials.create(
                        new ByteArrayInputStream(theirs.pem().chainPem().getBytes(StandardCharsets.US_ASCII)),
                        new ByteArrayInputStream(theirs.pem().keyPem().getBytes(StandardCharsets.US_ASCII))))
                .addServices(server.getServices()).build().start();
        try {
            rig.serve(Http2Rig.https(), grpc(secret.getPort()).withProtocol(TargetGroup.Protocol.HTTPS));
            assertThat(call(UNARY, "secret")).isEqualTo("SECRET");
        } finally {
            secret.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void many_calls_share_connections() throws InterruptedException {
        Answers answers = new Answers();
        for (int i = 0; i < 300; i++) {
            ClientCalls.asyncUnaryCall(channel.newCall(UNARY, CallOptions.DEFAULT), "w", answers);
        }
        int ended = 0;
        while (ended < 300) {
            String next = answers.next();
            assertThat(next).isIn("W", "end");
            ended += next.equals("end") ? 1 : 0;
        }
        assertThat(rig.counts("group").status2xx()).isEqualTo(300);
    }
}
