package dev.viridian.proxy.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.proxy.http.Ascii;
import dev.viridian.proxy.routing.Regexes;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {
    @ParameterizedTest(name = "{0} against {1}: {2}")
    @CsvSource({
        "*, anything, true", "*, '', true", "?, '', false", "?, a, true", "'', '', true", "'', a, false", "a*, a, true", "a*b, ab, true",
                "a*b, axxb, true", "a*b, axxc, false",
        "*a*b*, xxaxxbxx, true", "*.example.com, www.example.com, true", "*.example.com, example.com, false", "/img/*.png, /img/a/b.png, true",
                "/img/?.png, /img/ab.png, false",
        "a\\*, a*, true", "a\\*, ab, false", "\\?, ?, true", "\\?, a, false", "a\\b, a\\b, true", "\\\\*, \\x, true", "a\\, a\\, true",
        "a**b, ab, true", "*ab, aab, true", "*aab, aaab, true"
    })
    void stars_and_question_marks(String pattern, String text, boolean matches) {
        byte[] bytes = Ascii.bytes("x" + text + "y");
        assertThat(new Glob(pattern, false).matches(bytes, 1, bytes.length - 1)).isEqualTo(matches);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            abc                  | 3
            a{3}                 | 3
            a{2,5}b              | 6
            a{3,}                | 3
            (ab){10}             | 30
            [a-z]{2}[^]a]        | 3
            \\d{4}               | 4
            \\({2}               | 2
            a{x}                 | 4
            {2}                  | 0
            a{1000}              | 1000
            """)
    void regular_expressions_have_a_size(String regex, long size) {
        assertThat(Regexes.size(regex)).isEqualTo(size);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            ((a{100}){100}){100}
            (((((((((a{9}){9}){9}){9}){9}){9}){9}){9}){9}
            [a-z]{999}{999}
            (a|b{600}){2}
            (?=a)
            (?<!a)
            (a)\\1
            (?>a)
            a++
            a(
            """)
    void expressions_that_a_loop_cannot_afford_or_re2_does_not_know_are_refused(String regex) {
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> Regexes.compile(regex, false)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(regex);
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
