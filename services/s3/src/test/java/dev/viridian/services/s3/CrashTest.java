package dev.viridian.services.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.aws.Caller;
import dev.viridian.aws.Principal;
import dev.viridian.aws.shapes.ShapesMapper;
import dev.viridian.engine.store.SqliteStore;
import dev.viridian.engine.time.SystemTime;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;

/// What was acknowledged before a `kill -9` is there afterwards, whole, and nothing else is.
class CrashTest {
    private static final int ACKNOWLEDGED_BEFORE_THE_KILL = 60;
    @TempDir
    Path folder;

    /// The process that is killed: overwrites a few keys again and again, and says which text it has been told is safe.
    static final class Writer {
        public static void main(String[] arguments) {
            S3 s3 = open(Path.of(arguments[0]));
            as(() -> s3.createBucket(b -> b.bucket("crash")));
            for (int n = 0; ; n++) {
                String key = "k" + n % 5;
                String text = text(n);
                as(() -> s3.putObject(b -> b.bucket("crash").key(key), RequestBody.fromString(text)));
                System.out.println(key + " " + n);
            }
        }
    }

    private static String text(int n) {
        return (n + " ").repeat(20_000);
    }

    private static S3 open(Path folder) {
        return new S3(SqliteStore.open(folder.resolve("state.db"), ShapesMapper.create()), new SystemTime(), folder.resolve("s3"));
    }

    private static void as(Runnable body) {
        Caller.run(new Caller(S3World.ACCOUNT, "us-east-1", new Principal.Root(S3World.ACCOUNT), "r"), body);
    }

    @Test
    void acknowledged_objects_survive_a_kill_and_no_blob_is_left_over() throws Exception {
        int last = writeUntilKilled();
        as(() -> {
            S3 s3 = open(folder);
            List<String> keys = s3.listObjectsV2(b -> b.bucket("crash")).contents().stream().map(object -> object.key()).toList();
            assertThat(keys).containsExactly("k0", "k1", "k2", "k3", "k4");
            for (String key : keys) {
                String text = s3.getObjectAsBytes(b -> b.bucket("crash").key(key)).asUtf8String();
                int written = Integer.parseInt(text.substring(0, text.indexOf(' ')));
                assertThat(text).isEqualTo(text(written));
                assertThat(written).as("the last acknowledged write was %d", last).isGreaterThan(last - 5);
            }
        });
        assertThat(blobs()).isEqualTo(5);
    }

    private int writeUntilKilled() throws Exception {
        Process writer = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java")
                .toString(), "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), Writer.class.getName(), folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        List<String> said = new ArrayList<>();
        try (BufferedReader out = writer.inputReader(StandardCharsets.UTF_8)) {
            while (said.size() < ACKNOWLEDGED_BEFORE_THE_KILL) {
                said.add(out.readLine());
            }
            writer.toHandle().destroyForcibly(); // the process's own method would close its output, of which we want the rest
            out.lines().filter(line -> line.matches("k\\d \\d+")).forEach(said::add);
        }
        assertThat(writer.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return Integer.parseInt(said.getLast().split(" ")[1]);
    }

    private long blobs() throws Exception {
        try (Stream<Path> files = Files.walk(folder.resolve("s3"))) {
            return files.filter(Files::isRegularFile).count();
        }
    }
}
