package dev.viridian.proxy.tls;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The two names every cipher has: Java's, which is IANA's, and OpenSSL's, which policies and logs use.
final class TlsCiphers {
    private static final String[] EXCHANGES = {"ECDHE-ECDSA", "ECDHE-RSA", "RSA"};
    private static final String[][] BULKS = {{"AES128-GCM-SHA256", "AES_128_GCM_SHA256"}, {"AES256-GCM-SHA384", "AES_256_GCM_SHA384"},
        {"AES128-SHA256", "AES_128_CBC_SHA256"}, {"AES256-SHA384", "AES_256_CBC_SHA384"}, {"AES256-SHA256", "AES_256_CBC_SHA256"},
        {"AES128-SHA", "AES_128_CBC_SHA"}, {"AES256-SHA", "AES_256_CBC_SHA"}, {"CHACHA20-POLY1305", "CHACHA20_POLY1305_SHA256"},
        {"DES-CBC3-SHA", "3DES_EDE_CBC_SHA"}};
    private static final Map<String, String> TO_JAVA = toJava();
    private static final Map<String, String> TO_OPENSSL = inverse(TO_JAVA);

    private TlsCiphers() {}

    private static Map<String, String> toJava() {
        Map<String, String> names = new HashMap<>();
        for (String exchange : EXCHANGES) {
            for (String[] bulk : BULKS) {
                String openSsl = exchange.equals("RSA") ? bulk[0] : exchange + "-" + bulk[0];
                names.put(openSsl, "TLS_" + exchange.replace('-', '_') + "_WITH_" + bulk[1]);
            }
        }
        return Map.copyOf(names);
    }

    private static Map<String, String> inverse(Map<String, String> names) {
        Map<String, String> back = new HashMap<>();
        names.forEach((key, value) -> back.put(value, key));
        return Map.copyOf(back);
    }

    static List<String> java(List<String> openSsl) {
        return openSsl.stream().map(name -> TO_JAVA.getOrDefault(name, name)).toList();
    }

    /// Names of TLS 1.3 are the same for both.
    static String openSsl(String java) {
        return TO_OPENSSL.getOrDefault(java, java);
    }
}
