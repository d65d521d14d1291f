import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Sends one prepared request over and over, on connections that stay open, and says how many were answered and how long each took.
///
/// usage: java bench/Calls.java PORT SERVER_PID open|verified|bucket [CONNECTIONS] [SECONDS] [WARM_UP_SECONDS]
public final class Calls {
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final int MOST_TIMES = 4_000_000;

    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[0]);
        Path stat = Path.of("/proc", arguments[1], "stat");
        byte[] request = switch (arguments[2]) {
            case "open" -> open(port);
            case "verified" -> get(port, presigned(port, "sts", "/", "Action", "GetCallerIdentity", "Version", "2011-06-15"));
            case "bucket" -> get(port, presigned(port, "s3", "/bench/object"));
            default -> throw new IllegalArgumentException("open, verified or bucket, not " + arguments[2]);
        };
        int connections = argument(arguments, 3, 8);
        run(port, request, connections, argument(arguments, 5, 10), stat, false);
        run(port, request, connections, argument(arguments, 4, 10), stat, true);
    }

    private static void run(int port, byte[] request, int connections, int seconds, Path stat, boolean tell) throws Exception {
        long[] micros = new long[MOST_TIMES];
        AtomicLong count = new AtomicLong();
        long cpuBefore = cpuMillis(stat);
        long begin = System.nanoTime();
        long end = begin + seconds * 1_000_000_000L;
        Thread[] threads = new Thread[connections];
        for (int i = 0; i < connections; i++) {
            threads[i] = Thread.ofPlatform().start(() -> keepCalling(port, request, end, count, micros));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        double elapsed = (System.nanoTime() - begin) / 1e9;
        if (tell) {
            int done = (int) Math.min(count.get(), MOST_TIMES);
            long cpu = cpuMillis(stat) - cpuBefore;
            Arrays.sort(micros, 0, done);
            System.out.printf(Locale.ROOT, "%d connections, %.0f s: %.0f calls/s, median %.2f ms, 99%% %.2f ms, server CPU %.0f µs per call%n",
                    connections, elapsed, done / elapsed, micros[done / 2] / 1e3, micros[(int) (done * 0.99)] / 1e3, cpu * 1e3 / done);
        }
    }

    private static void keepCalling(int port, byte[] request, long end, AtomicLong count, long[] micros) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            while (System.nanoTime() < end) {
                long sent = System.nanoTime();
                out.write(request);
                answer(in);
                int number = (int) count.getAndIncrement();
                if (number < MOST_TIMES) {
                    micros[number] = (System.nanoTime() - sent) / 1000;
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("the server did not answer as expected: " + e.getMessage(), e);
        }
    }

    /// Reads one answer to its end; anything but 200 ends the benchmark.
    private static void answer(InputStream in) throws IOException {
        String status = line(in);
        int length = 0;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            if (header.regionMatches(true, 0, "content-length:", 0, 15)) {
                length = Integer.parseInt(header.substring(15).strip());
            }
        }
        byte[] body = in.readNBytes(length);
        if (!status.startsWith("HTTP/1.1 200")) {
            throw new IOException(status + " " + new String(body, StandardCharsets.UTF_8));
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("the connection ended");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    private static byte[] open(int port) {
        String body = "Action=GetCallerIdentity&Version=2011-06-15";
        return ("POST / HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: " + body.length()
                + "\r\nAuthorization: AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/sts/aws4_request, SignedHeaders=host, Signature=00\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] get(int port, String uri) {
        return ("GET " + uri + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    /// A link that is good for an hour, signed with test/test.
    private static String presigned(int port, String service, String path, String... parameters) throws Exception {
        String stamp = STAMP.format(Instant.now());
        String scope = stamp.substring(0, 8) + "/us-east-1/" + service + "/aws4_request";
        TreeMap<String, String> query = new TreeMap<>();
        for (int i = 0; i < parameters.length; i += 2) {
            query.put(parameters[i], parameters[i + 1]);
        }
        query.put("X-Amz-Algorithm", "AWS4-HMAC-SHA256");
        query.put("X-Amz-Credential", "test/" + scope);
        query.put("X-Amz-Date", stamp);
        query.put("X-Amz-Expires", "3600");
        query.put("X-Amz-SignedHeaders", "host");
        String encoded = query.entrySet().stream().map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        String bodyHash = service.equals("s3") ? "UNSIGNED-PAYLOAD" : hash("");
        String canonical = "GET\n" + path + "\n" + encoded + "\nhost:127.0.0.1:" + port + "\n\nhost\n" + bodyHash;
        byte[] key = hmac(("AWS4test").getBytes(StandardCharsets.UTF_8), stamp.substring(0, 8));
        for (String part : new String[] {"us-east-1", service, "aws4_request"}) {
            key = hmac(key, part);
        }
        String signature = HexFormat.of().formatHex(hmac(key, "AWS4-HMAC-SHA256\n" + stamp + "\n" + scope + "\n" + hash(canonical)));
        return path + "?" + encoded + "&X-Amz-Signature=" + signature;
    }

    private static String hash(String text) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static byte[] hmac(byte[] key, String text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }

    private static long cpuMillis(Path stat) throws IOException {
        String text = Files.readString(stat);
        String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * 10;
    }

    private static int argument(String[] arguments, int index, int otherwise) {
        return arguments.length > index ? Integer.parseInt(arguments[index]) : otherwise;
    }
}
