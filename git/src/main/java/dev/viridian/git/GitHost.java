package dev.viridian.git;

import dev.viridian.git.GitAccess.Decision;
import java.io.BufferedOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jgit.transport.PacketLineOut;
import org.eclipse.jgit.transport.RefAdvertiser.PacketLineOutRefAdvertiser;
import org.eclipse.jgit.transport.UploadPack;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves [GitRepositories] to git clients over smart HTTP, versions 0 to 2 of git's protocol. Requests of any other kind are left to the next
/// handler.
///
/// Packs stream in both directions. Handlers block, so the server should run them on virtual threads.
public final class GitHost extends Handler.Abstract {
    private static final Logger LOG = LoggerFactory.getLogger(GitHost.class);
    private static final int BUFFER = 1 << 16;
    /// A fetch sends the commits it has and wants: 50 bytes a line.
    private static final long LARGEST_FETCH_REQUEST = 64L << 20;

    private final GitRepositories repositories;
    private final GitAccess access;
    private final PushListener listener;
    private final GitLimits limits;

    public GitHost(GitRepositories repositories, GitAccess access, PushListener listener, GitLimits limits) {
        this.repositories = repositories;
        this.access = access;
        this.listener = listener;
        this.limits = limits;
    }

    /// Whether this is a request for a git host, for an assembly that chooses handlers itself.
    public static boolean isFor(Request request) {
        return GitRequest.of(request).isPresent();
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Optional<GitRequest> asked = GitRequest.of(request);
        if (asked.isEmpty()) {
            return false;
        }
        GitRequest.Step step = asked.get().step();
        String path = asked.get().path();
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache, max-age=0, must-revalidate");
        switch (access.admit(new GitAccess.Attempt(GitRequest.host(request), path, GitRequest.credentials(request), step.writes()))) {
            case Decision.Admitted admitted -> {
                Optional<GitRepository> repository = repositories.find(admitted.repository());
                if (repository.isPresent()) {
                    serve(step, repository.get(), admitted, request, response, callback);
                } else {
                    refuse(response, callback, HttpStatus.NOT_FOUND_404, "there is no repository at " + path);
                }
            }
            case Decision.Unauthenticated(String realm) -> {
                response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Basic realm=\"" + realm + "\", charset=\"UTF-8\"");
                refuse(response, callback, HttpStatus.UNAUTHORIZED_401, "credentials are needed");
            }
            case Decision.Forbidden(String reason) -> refuse(response, callback, HttpStatus.FORBIDDEN_403, reason);
            case Decision.NotFound(String reason) -> refuse(response, callback, HttpStatus.NOT_FOUND_404, reason);
        }
        return true;
    }

    private void serve(GitRequest.Step step, GitRepository repository, Decision.Admitted client, Request request, Response response,
            Callback callback) {
        String service = step.writes() ? "git-receive-pack" : "git-upload-pack";
        boolean advertise = step == GitRequest.Step.ADVERTISE_FOR_FETCH || step == GitRequest.Step.ADVERTISE_FOR_PUSH;
        response.setStatus(HttpStatus.OK_200);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/x-" + service + (advertise ? "-advertisement" : "-result"));
        try {
            try (OutputStream out = new BufferedOutputStream(Content.Sink.asOutputStream(response), BUFFER)) {
                switch (step) {
                    case ADVERTISE_FOR_FETCH -> uploadPack(repository, request)
                            .sendAdvertisedRefs(new PacketLineOutRefAdvertiser(new PacketLineOut(out)), service);
                    case ADVERTISE_FOR_PUSH -> advertiseForPush(receivePack(repository, client), out);
                    case FETCH -> uploadPack(repository, request).upload(body(request, LARGEST_FETCH_REQUEST), out, null);
                    case PUSH -> receivePack(repository, client).receive(body(request, Long.MAX_VALUE), out, null);
                }
            }
            callback.succeeded();
        } catch (IOException e) {
            LOG.debug("The git client of repository {} went away, or sent what git does not understand: {}", repository.id(), e.toString());
            callback.failed(e);
        } catch (RuntimeException e) {
            LOG.error("Serving {} of repository {} to {} failed; the client sees a broken connection", service, repository.id(),
                    client.principal(), e);
            callback.failed(e);
        }
    }

    private static void advertiseForPush(RecordingReceivePack pack, OutputStream out) throws IOException {
        PacketLineOut lines = new PacketLineOut(out);
        lines.writeString("# service=git-receive-pack\n");
        lines.end();
        pack.sendAdvertisedRefs(new PacketLineOutRefAdvertiser(lines));
    }

    private static UploadPack uploadPack(GitRepository repository, Request request) {
        UploadPack pack = new UploadPack(repository.jgit());
        pack.setBiDirectionalPipe(false);
        String protocol = request.getHeaders().get("Git-Protocol");
        if (protocol != null) {
            pack.setExtraParameters(List.of(protocol.split(":")));
        }
        return pack;
    }

    private RecordingReceivePack receivePack(GitRepository repository, Decision.Admitted client) {
        return new RecordingReceivePack(repository, client, listener, limits);
    }

    private static InputStream body(Request request, long most) throws IOException {
        InputStream body = Content.Source.asInputStream(request);
        String encoding = request.getHeaders().get(HttpHeader.CONTENT_ENCODING);
        boolean zipped = encoding != null && (encoding.equalsIgnoreCase("gzip") || encoding.equalsIgnoreCase("x-gzip"));
        return new LimitedInput(zipped ? new GZIPInputStream(body, BUFFER) : body, most);
    }

    private static void refuse(Response response, Callback callback, int status, String reason) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
        Content.Sink.write(response, true, reason + "\n", callback);
    }

    /// Ends with an error when a client sends more than it could mean.
    private static final class LimitedInput extends FilterInputStream {
        private long left;

        LimitedInput(InputStream in, long most) {
            super(in);
            left = most;
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            counted(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return counted(super.read(bytes, offset, length));
        }

        private int counted(int read) throws IOException {
            left -= Math.max(0, read);
            if (left < 0) {
                throw new IOException("the request is longer than any git client would send");
            }
            return read;
        }
    }
}
