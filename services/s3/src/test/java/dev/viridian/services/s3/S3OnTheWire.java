package dev.viridian.services.s3;

import dev.viridian.aws.Principal;
import dev.viridian.aws.shapes.ShapesMapper;
import dev.viridian.engine.store.SqliteStore;
import dev.viridian.engine.time.SystemTime;
import dev.viridian.wire.Wire;
import dev.viridian.wire.WireOptions;
import dev.viridian.wire.auth.Credential;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import software.amazon.awssdk.services.s3.S3Client;

/// A real server with S3 behind it, and every `aws` on the path to talk to it with.
final class S3OnTheWire implements AutoCloseable {
    private static final String SECRET = "test";
    private final Path folder;
    private final SystemTime time = new SystemTime();
    private final Server server = new Server(new VirtualThreadPool());
    private final ServerConnector connector;
    private final SqliteStore store;

    record Result(int status, String out, String err) {}

    S3OnTheWire(Path folder) throws Exception {
        this.folder = folder;
        this.store = SqliteStore.inMemory(ShapesMapper.create());
        Principal.Root root = new Principal.Root(S3World.ACCOUNT);
        Wire wire = new Wire(id -> id.equals("test") ? Optional.of(new Credential(SECRET, root, S3World.ACCOUNT)) : Optional.empty(), time,
                WireOptions.verifying(S3World.ACCOUNT, "us-east-1"));
        wire.serve(S3Client.class, new S3(store, time, folder.resolve("blobs")));
        this.connector = new ServerConnector(server, new HttpConnectionFactory(Wire.prepare(new HttpConfiguration())));
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(wire);
        server.start();
    }

    /// Every AWS CLI there is: an old and a new one differ in protocol details.
    static List<Path> clis() {
        return Stream.concat(Arrays.stream(System.getenv("PATH").split(File.pathSeparator)).map(Path::of), Stream.of(Path.of("/usr/bin")))
                .map(folder -> folder.resolve("aws")).filter(Files::isExecutable).map(S3OnTheWire::real).distinct().toList();
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    String url() {
        return "http://127.0.0.1:" + connector.getLocalPort();
    }

    Result aws(Path cli, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(cli.toString(), "--endpoint-url", url()));
        command.addAll(List.of(arguments));
        return run(command);
    }

    Result run(List<String> command) throws IOException, InterruptedException {
        Path out = Files.createTempFile(folder, "out", "");
        Path err = Files.createTempFile(folder, "err", "");
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment()
                .putAll(Map.of("AWS_ACCESS_KEY_ID", "test", "AWS_SECRET_ACCESS_KEY", SECRET, "AWS_DEFAULT_REGION", "us-east-1", "AWS_PAGER", "",
                "AWS_CONFIG_FILE", "none", "AWS_EC2_METADATA_DISABLED", "true"));
        Process process = builder.start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("timed out: " + command);
        }
        return new Result(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8), Files.readString(err, StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws Exception {
        server.stop();
        store.close();
        time.close();
    }
}
