package dev.viridian.services.ec2;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A block of IPv4 addresses, in canonical form.
record Cidr(long first, int bits) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})/(\\d{1,2})");
    /// In every subnet AWS keeps five addresses for itself.
    private static final int RESERVED = 5;

    /// Host bits are cleared, as EC2 does.
    static Optional<Cidr> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long address = 0;
        for (int n = 1; n <= 4; n++) {
            int octet = Integer.parseInt(matcher.group(n));
            if (octet > 255) {
                return Optional.empty();
            }
            address = address << 8 | octet;
        }
        int bits = Integer.parseInt(matcher.group(5));
        return bits > 32 ? Optional.empty() : Optional.of(new Cidr(address & mask(bits), bits));
    }

    private static long mask(int bits) {
        return bits == 0 ? 0 : 0xffffffffL << (32 - bits) & 0xffffffffL;
    }

    long size() {
        return 1L << (32 - bits);
    }

    int usable() {
        return (int) Math.max(0, size() - RESERVED);
    }

    boolean contains(Cidr other) {
        return other.bits >= bits && (other.first & mask(bits)) == first;
    }

    boolean overlaps(Cidr other) {
        return contains(other) || other.contains(this);
    }

    /// The n-th block of `subBits` bits inside.
    Cidr part(int n, int subBits) {
        return new Cidr(first + ((long) n << (32 - subBits)), subBits);
    }

    @Override
    public String toString() {
        return (first >> 24 & 255) + "." + (first >> 16 & 255) + "." + (first >> 8 & 255) + "." + (first & 255) + "/" + bits;
    }
}
