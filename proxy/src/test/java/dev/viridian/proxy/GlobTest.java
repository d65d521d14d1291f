package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.proxy.http.Ascii;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {
    @ParameterizedTest(name = "{0} against {1}: {2}")
    @CsvSource({
        "*, anything, true", "*, '', true", "?, '', false", "?, a, true", "'', '', true", "'', a, false", "a*, a, true", "a*b, ab, true",
                "a*b, axxb, true", "a*b, axxc, false",
        "*a*b*, xxaxxbxx, true", "*.example.com, www.example.com, true", "*.example.com, example.com, false", "/img/*.png, /img/a/b.png, true",
                "/img/?.png, /img/ab.png, false",
        "a**b, ab, true", "*ab, aab, true", "*aab, aaab, true"
    })
    void stars_and_question_marks(String pattern, String text, boolean matches) {
        byte[] bytes = Ascii.bytes("x" + text + "y");
        assertThat(new Glob(pattern, false).matches(bytes, 1, bytes.length - 1)).isEqualTo(matches);
    }

    @ParameterizedTest(name = "{0} holds {1}: {2}")
    @CsvSource({"10.0.0.0/8, 10.255.0.1, true", "10.0.0.0/8, 11.0.0.1, false", "192.168.1.1, 192.168.1.1, true", "192.168.1.1, 192.168.1.2, false",
            "0.0.0.0/0, 1.2.3.4, true",
        "172.16.0.0/12, 172.31.255.255, true", "172.16.0.0/12, 172.32.0.0, false", "2001:db8::/32, 2001:db8:1::5, true",
                "2001:db8::/32, 2001:db9::, false", "10.0.0.0/8, ::1, false"})
    void address_blocks(String block, String address, boolean includes) {
        assertThat(new CidrBlock(block).includes(io.netty.util.NetUtil.createByteArrayFromIpAddressString(address))).isEqualTo(includes);
    }
}
