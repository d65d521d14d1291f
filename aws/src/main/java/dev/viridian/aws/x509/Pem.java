package dev.viridian.aws.x509;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One block of a PEM text: what it says it is, and its bytes. Text between blocks is passed over, as OpenSSL does.
public record Pem(String kind, byte[] bytes) {
    private static final Pattern BLOCK = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s(.*?)-----END \\1-----", Pattern.DOTALL);
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    /// @throws IllegalArgumentException when a block is not Base64
    public static List<Pem> blocks(String text) {
        List<Pem> found = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            String body = matcher.group(2);
            if (body.contains(":")) { // headers, which only encrypted keys have
                found.add(new Pem("ENCRYPTED PRIVATE KEY", new byte[0]));
            } else {
                found.add(new Pem(matcher.group(1), Base64.getDecoder().decode(body.replaceAll("\\s", ""))));
            }
        }
        return found;
    }

    /// The block as text, in lines of 64.
    public String text() {
        return "-----BEGIN " + kind + "-----\n" + LINES.encodeToString(bytes) + "\n-----END " + kind + "-----\n";
    }

    @Override
    public String toString() {
        return kind; // may be a key
    }
}
