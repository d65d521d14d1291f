package dev.viridian.app.tls;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;

/// A certificate before it is signed (RFC 5280, version 3), for keys on the curve P-256.
final class CertificateDraft {
    private static final byte[] ECDSA_WITH_SHA256 = Der.sequence(Der.identifier("1.2.840.10045.4.3.2"));
    private static final String SUBJECT_KEY = "2.5.29.14";
    private static final String KEY_USAGE = "2.5.29.15";
    private static final String ALTERNATIVE_NAMES = "2.5.29.17";
    private static final String BASIC_CONSTRAINTS = "2.5.29.19";
    private static final String NAME_CONSTRAINTS = "2.5.29.30";
    private static final String AUTHORITY_KEY = "2.5.29.35";
    private static final String EXTENDED_USAGE = "2.5.29.37";
    private static final byte[] SERVER = Der.identifier("1.3.6.1.5.5.7.3.1");
    /// keyCertSign and cRLSign are bits 5 and 6; the last bit of the byte does not count.
    private static final byte[] SIGNS_CERTIFICATES = Der.bits(new byte[] {0b0000_0110}, 1);
    private static final int DNS_NAME = 2;
    private static final int ADDRESS = 7;

    private final X500Principal subject;
    private final PublicKey key;
    private final List<byte[]> extensions = new ArrayList<>();

    private CertificateDraft(X500Principal subject, PublicKey key) {
        this.subject = subject;
        this.key = key;
    }

    /// An authority over servers, not over other authorities, and only over these names and those below them.
    ///
    /// @param networks as address/mask, e.g. `10.0.0.0/255.0.0.0`
    static CertificateDraft ofAuthority(X500Principal subject, PublicKey key, List<String> names, List<Network> networks) {
        CertificateDraft draft = new CertificateDraft(subject, key);
        draft.extend(BASIC_CONSTRAINTS, true, Der.sequence(Der.bool(true), Der.integer(BigInteger.ZERO)));
        draft.extend(KEY_USAGE, true, SIGNS_CERTIFICATES);
        draft.extend(SUBJECT_KEY, false, Der.octets(keyIdentifier(key)));
        byte[][] permitted = Stream.concat(names.stream().map(CertificateDraft::dnsName), networks.stream().map(n -> Der.tagged(ADDRESS, n.bytes())))
                .map(Der::sequence).toArray(byte[][]::new);
        draft.extend(NAME_CONSTRAINTS, true, Der.sequence(Der.wrapped(0, permitted)));
        return draft;
    }

    /// A server that goes by these names and addresses.
    static CertificateDraft ofServer(X500Principal subject, PublicKey key, List<String> names, PublicKey authority) {
        CertificateDraft draft = new CertificateDraft(subject, key);
        draft.extend(ALTERNATIVE_NAMES, false, Der.sequence(names.stream().map(CertificateDraft::generalName)));
        draft.extend(EXTENDED_USAGE, false, Der.sequence(SERVER));
        draft.extend(BASIC_CONSTRAINTS, true, Der.sequence());
        draft.extend(AUTHORITY_KEY, false, Der.sequence(Der.tagged(0, keyIdentifier(authority))));
        return draft;
    }

    X509Certificate sign(X500Principal issuer, PrivateKey issuerKey, Instant from, Instant to) throws GeneralSecurityException {
        byte[] content = Der.sequence(
                Der.wrapped(0, Der.integer(BigInteger.TWO)), // version 3
                Der.integer(new BigInteger(127, new SecureRandom())),
                ECDSA_WITH_SHA256,
                issuer.getEncoded(),
                Der.sequence(Der.time(from), Der.time(to)),
                subject.getEncoded(),
                key.getEncoded(),
                Der.wrapped(3, Der.sequence(extensions.stream())));
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(issuerKey);
        signature.update(content);
        byte[] whole = Der.sequence(content, ECDSA_WITH_SHA256, Der.bits(signature.sign(), 0));
        return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(whole));
    }

    /// A range of IPv4 addresses.
    record Network(String address, int length) {
        byte[] bytes() {
            byte[] bytes = Arrays.copyOf(InetAddress.ofLiteral(address).getAddress(), 8);
            for (int bit = 0; bit < length; bit++) {
                bytes[4 + bit / 8] |= (byte) (0x80 >>> bit % 8);
            }
            return bytes;
        }
    }

    private void extend(String identifier, boolean critical, byte[] value) {
        byte[] name = Der.identifier(identifier);
        extensions.add(critical ? Der.sequence(name, Der.bool(true), Der.octets(value)) : Der.sequence(name, Der.octets(value)));
    }

    private static byte[] generalName(String name) {
        boolean address = name.matches("[0-9.]+") || name.contains(":");
        return address ? Der.tagged(ADDRESS, InetAddress.ofLiteral(name).getAddress()) : dnsName(name);
    }

    private static byte[] dnsName(String name) {
        return Der.tagged(DNS_NAME, Der.ascii(name));
    }

    /// SHA-1 of the point itself, as RFC 5280 proposes: the last 65 bytes of a P-256 key in its envelope.
    private static byte[] keyIdentifier(PublicKey key) {
        byte[] encoded = key.getEncoded();
        try {
            return MessageDigest.getInstance("SHA-1").digest(Arrays.copyOfRange(encoded, encoded.length - 65, encoded.length));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java knows SHA-1", e);
        }
    }
}
