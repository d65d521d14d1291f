package dev.viridian.proxy;

/// Hashes of IP addresses, the same in every process and on every loop.
final class SourceHash {
    private SourceHash() {}

    /// FNV-1a.
    static long of(byte[] address) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : address) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        return hash;
    }

    /// Spreads every bit over all others (the finalizer of SplitMix64): neighbours among addresses shall not be neighbours among hashes.
    static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
