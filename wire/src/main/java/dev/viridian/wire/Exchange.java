package dev.viridian.wire;

import dev.viridian.wire.auth.Identity;
import dev.viridian.wire.auth.SigV4;
import dev.viridian.wire.body.Bodies;
import dev.viridian.wire.body.VerifiedBody;
import dev.viridian.wire.protocol.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/// One request and its answer, as Jetty has them.
final class Exchange {
    private static final int DRAIN_LIMIT = 8 * 1024 * 1024;
    private static final int BUFFER = 64 * 1024;

    private final Request request;
    private final Response response;
    private final int bodyLimit;
    private final Incoming incoming;
    private @Nullable InputStream stream;
    private byte @Nullable [] whole;

    Exchange(Request request, Response response, int bodyLimit) {
        this.request = request;
        this.response = response;
        this.bodyLimit = bodyLimit;
        this.incoming = incoming(request);
    }

    private static Incoming incoming(Request request) {
        Headers headers = new Headers();
        for (HttpField field : request.getHeaders()) {
            headers.add(field.getName(), field.getValue() == null ? "" : field.getValue());
        }
        String authority = request.getHttpURI().getAuthority();
        if (!headers.has("host") && authority != null) {
            headers.add("host", authority); // HTTP/2 has it as a pseudo header
        }
        String path = request.getHttpURI().getPath();
        String query = request.getHttpURI().getQuery();
        return Incoming.of(request.getMethod(), path == null ? "/" : path, query == null ? "" : query, headers);
    }

    Incoming incoming() {
        return incoming;
    }

    /// The body as it was sent, with whatever coding it has.
    byte[] whole() throws IOException {
        byte[] known = whole;
        if (known == null) {
            known = Bodies.read(stream(), request.getLength(), bodyLimit);
            whole = known;
        }
        return known;
    }

    byte[] unzipped() throws IOException {
        return Bodies.unzipped(whole(), incoming.headers(), bodyLimit);
    }

    /// The body's hash, or that of an empty body for a request that has none.
    String hash() {
        try {
            return SigV4.hex(SigV4.sha256(whole()));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /// The body with all codings off and its checksums verified, for operations that read it whole.
    ///
    /// @param headers with what the sender said about the body
    byte[] content(Headers headers, Identity identity) throws IOException {
        byte[] sent = whole();
        try (VerifiedBody body = Bodies.flowing(new ByteArrayInputStream(sent), headers, sent.length, identity.chunks().orElse(null))) {
            return Bodies.unzipped(Bodies.read(body, -1, bodyLimit), headers, bodyLimit);
        }
    }

    VerifiedBody flowing(Identity identity) throws IOException {
        byte[] known = whole; // when it had to be hashed for its signature
        return Bodies.flowing(known == null ? stream() : new ByteArrayInputStream(known), incoming.headers(),
                known == null ? request.getLength() : known.length, identity.chunks().orElse(null));
    }

    private InputStream stream() {
        InputStream known = stream;
        if (known == null) {
            known = Content.Source.asInputStream(request);
            stream = known;
        }
        return known;
    }

    void send(Answer answer) throws IOException {
        drain();
        head(answer);
        boolean bodiless = request.getMethod().equals("HEAD") || answer.status() == 204 || answer.status() == 304;
        if (!request.getMethod().equals("HEAD") && answer.status() != 204 && answer.status() != 304) {
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, answer.body().length);
        }
        Content.Sink.write(response, true, bodiless ? ByteBuffer.allocate(0) : ByteBuffer.wrap(answer.body()));
    }

    /// Sends an answer whose body flows; the stream is closed in any case.
    void send(Answer head, InputStream body) throws IOException {
        try (body) {
            head(head);
            OutputStream out = Content.Sink.asOutputStream(response);
            byte[] buffer = new byte[BUFFER];
            for (int got = body.read(buffer); got >= 0; got = body.read(buffer)) {
                out.write(buffer, 0, got);
            }
            out.close();
        }
    }

    boolean isCommitted() {
        return response.isCommitted();
    }

    private void head(Answer answer) {
        response.setStatus(answer.status());
        answer.headers().forEach((name, value) -> response.getHeaders().put(name, value));
    }

    /// A client that is still sending does not read an answer: it sees a broken connection. What little is left is taken off its hands.
    private void drain() {
        try {
            if (whole == null && request.getLength() <= DRAIN_LIMIT && (stream != null || !incoming.headers().has("expect"))) {
                stream().skip(DRAIN_LIMIT);
            }
        } catch (IOException e) {
            request.fail(e); // the client is gone; writing the answer will say so
        }
    }
}
