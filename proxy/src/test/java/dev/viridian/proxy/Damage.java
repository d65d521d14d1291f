package dev.viridian.proxy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;

/// Good messages, one behind the other, with some random damage.
final class Damage {
    private static final String SPICE = "\r\n\t :;,\0\u007f\u00ff\u00a0\u000b/*#?[]@%+-_.\"'0123456789abcdefxABCXYZ";

    private final List<String> good;
    /// What attacks are made of: put in as a whole.
    private final List<String> pieces;

    Damage(List<String> good, List<String> pieces) {
        this.good = good;
        this.pieces = pieces;
    }

    byte[] make(RandomGenerator random) {
        StringBuilder text = new StringBuilder();
        for (int messages = 1 + random.nextInt(3); messages > 0; messages--) {
            text.append(any(good, random));
        }
        for (int damage = random.nextInt(4); damage > 0; damage--) {
            harm(text, random);
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private void harm(StringBuilder text, RandomGenerator random) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(8)) {
            case 0 -> text.setCharAt(at, spice(random));
            case 1 -> text.insert(at, spice(random));
            case 2 -> text.deleteCharAt(at);
            case 3 -> text.insert(at, text.substring(at, Math.min(text.length(), at + 1 + random.nextInt(40))));
            case 4 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(12)));
            case 5 -> text.insert(at, any(pieces, random));
            default -> text.insert(lineStart(text, at), any(pieces, random));
        }
    }

    /// A text with one byte changed, put in, or taken away.
    static String spiced(String text, RandomGenerator random) {
        StringBuilder spiced = new StringBuilder(text);
        int at = random.nextInt(text.length() + 1);
        if (at == text.length() || random.nextBoolean()) {
            return spiced.insert(at, spice(random)).toString();
        }
        return random.nextBoolean() ? spiced.deleteCharAt(at).toString() : spiced.replace(at, at + 1, String.valueOf(spice(random))).toString();
    }

    private static int lineStart(StringBuilder text, int at) {
        return text.lastIndexOf("\n", at) + 1;
    }

    private static char spice(RandomGenerator random) {
        return SPICE.charAt(random.nextInt(SPICE.length()));
    }

    private static String any(List<String> texts, RandomGenerator random) {
        return texts.get(random.nextInt(texts.size()));
    }
}
