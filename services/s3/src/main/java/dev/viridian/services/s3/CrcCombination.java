package dev.viridian.services.s3;

/// The CRC of two blocks put together, from the CRC of each and the length of the second, without reading a byte.
///
/// A CRC is linear over GF(2): appending a zero bit multiplies the register by a fixed matrix. The matrix for n zero bytes is found by squaring.
///
/// Source: Mark Adler's `crc32_combine` in zlib, here for any reflected CRC of at most 64 bits.
final class CrcCombination {
    private final int width;
    private final long polynomial;

    CrcCombination(int width, long polynomial) {
        this.width = width;
        this.polynomial = polynomial;
    }

    long combine(long first, long second, long secondLength) {
        long[] power = square(square(square(oneZeroBit())));
        long register = first;
        for (long bytes = secondLength; bytes != 0; bytes >>>= 1) {
            if ((bytes & 1) == 1) {
                register = times(power, register);
            }
            power = square(power);
        }
        return register ^ second;
    }

    private long[] oneZeroBit() {
        long[] matrix = new long[width];
        matrix[0] = polynomial;
        for (int n = 1; n < width; n++) {
            matrix[n] = 1L << (n - 1);
        }
        return matrix;
    }

    private long[] square(long[] matrix) {
        long[] square = new long[width];
        for (int n = 0; n < width; n++) {
            square[n] = times(matrix, matrix[n]);
        }
        return square;
    }

    private static long times(long[] matrix, long vector) {
        long sum = 0;
        int n = 0;
        for (long rest = vector; rest != 0; rest >>>= 1, n++) {
            if ((rest & 1) == 1) {
                sum ^= matrix[n];
            }
        }
        return sum;
    }
}
