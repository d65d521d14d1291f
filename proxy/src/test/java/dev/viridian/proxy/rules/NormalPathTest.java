package dev.viridian.proxy.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.proxy.http.Ascii;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NormalPathTest {
    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "/, /", "/a/b, /a/b", "/a/./b, /a/b", "/a/../b, /b", "/../a, /a", "/a/.., /", "/a/b/.., /a/", "/a/., /a/", "/a/...b/.c, /a/...b/.c",
        "/%61dmin, /admin", "/%2e%2e/a, /a", "/x/%2E%2e/a, /a", "/a%2fb, /a%2Fb", "/a%zz, /a%zz", "/a%4, /a%4", "/a%, /a%", "//a, //a", "/a//../b, /a/b",
        "*, *"
    })
    void spellings_of_one_path_are_one(String path, String normal) {
        byte[] bytes = Ascii.bytes("GET" + path + "HTTP");
        assertThat(new String(NormalPath.of(bytes, 3, bytes.length - 4), StandardCharsets.ISO_8859_1)).isEqualTo(normal);
        assertThat(NormalPath.isNormal(bytes, 3, bytes.length - 4) && !path.equals(normal)).isFalse();
    }
}
