package dev.viridian.services.elbv2.logs;

import java.nio.file.Path;
import software.amazon.awssdk.services.s3.S3Client;

/// Where logs wait and where they go.
///
/// @param buckets      gets them
/// @param folder       where lines wait between two deliveries; made when needed
/// @param mostBytes    of one log that may wait, when its bucket does not take them; what comes beyond is dropped and said
/// @param fileBytes    at which a file is sent without waiting for the end of its interval
public record LogPlace(S3Client buckets, Path folder, long mostBytes, long fileBytes) {
    private static final long MEBIBYTE = 1 << 20;

    public static LogPlace in(Path folder, S3Client buckets) {
        return new LogPlace(buckets, folder, 512 * MEBIBYTE, 64 * MEBIBYTE);
    }
}
