package dev.viridian.services.logs.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterPatternTest {

    /// Source: the examples of the CloudWatch Logs user guide, "Filter pattern syntax".
    @ParameterizedTest(name = "{0} in {1}: {2}")
    @CsvSource(delimiter = '~', quoteCharacter = '\0', textBlock = """
            ~ anything ~ true
            ERROR ~ [ERROR 400] BAD REQUEST ~ true
            ERROR ~ Exiting with ERRORCODE: -1 ~ true
            error ~ [ERROR 400] BAD REQUEST ~ false
            ERROR ARGUMENTS ~ [ERROR] 419 MISSING ARGUMENTS ~ true
            ERROR ARGUMENTS ~ [ERROR 400] BAD REQUEST ~ false
            ?ERROR ?WARN ~ [WARN] low ~ true
            ?ERROR ?WARN ~ [INFO] fine ~ false
            ERROR -ARGUMENTS ~ [ERROR 400] BAD REQUEST ~ true
            ERROR -ARGUMENTS ~ [ERROR] 419 MISSING ARGUMENTS ~ false
            -DEBUG ~ [INFO] fine ~ true
            "INTERNAL SERVER ERROR" ~ [ERROR 500] INTERNAL SERVER ERROR ~ true
            "INTERNAL SERVER ERROR" ~ [ERROR 500] SERVER INTERNAL ERROR ~ false
            -"SERVER ERROR" ~ SERVER ERROR ~ false
            %4[0-9]{2}% ~ status 404 ~ true
            %4[0-9]{2}% ~ status 504 ~ false
            { $.level = "ERROR" } ~ {"level":"ERROR"} ~ true
            { $.level = "ERROR" } ~ {"level":"INFO"} ~ false
            { $.level = ERR* } ~ {"level":"ERROR"} ~ true
            { $.level != "ERROR" } ~ {"level":"INFO"} ~ true
            { $.level != "ERROR" } ~ {"other":1} ~ false
            { $.code >= 500 } ~ {"code":500} ~ true
            { $.code >= 500 } ~ {"code":499.9} ~ false
            { $.level = "ERROR" && $.code >= 500 } ~ {"level":"ERROR","code":503} ~ true
            { ($.a = 1 || $.b = 2) && $.c = 3 } ~ {"b":2,"c":3} ~ true
            { $.a = 1 || $.b = 2 && $.c = 3 } ~ {"a":1} ~ true
            { $.user.name = "jo" } ~ {"user":{"name":"jo"}} ~ true
            { $.items[1].id = 7 } ~ {"items":[{"id":6},{"id":7}]} ~ true
            { $.['a-b'] = x } ~ {"a-b":"x"} ~ true
            { $.on IS TRUE } ~ {"on":true} ~ true
            { $.on IS FALSE } ~ {"on":true} ~ false
            { $.on IS NULL } ~ {"on":null} ~ true
            { $.on NOT EXISTS } ~ {"off":1} ~ true
            { $.on EXISTS } ~ {"off":1} ~ false
            { $.name = %jo.*% } ~ {"name":"john"} ~ true
            { $.level = "ERROR" } ~ plain text ERROR ~ false
            { $.level = "ERROR" } ~ {broken ~ false
            [ip, user, ..., status = 4*, bytes] ~ 127.0.0.1 jo [10/Oct] "GET / HTTP" 404 1534 ~ true
            [ip, user, ..., status = 4*, bytes] ~ 127.0.0.1 jo [10/Oct] "GET / HTTP" 200 1534 ~ false
            [ip, user, time, request, status, bytes > 1000] ~ 127.0.0.1 jo [10/Oct] "GET / HTTP" 200 1534 ~ true
            [ip, status = 404 || status = 410] ~ 127.0.0.1 410 ~ true
            [a, b] ~ one two three ~ false
            """)
    void patterns_match_as_documented(String pattern, String message, boolean matches) {
        assertThat(FilterPattern.parse(pattern == null ? "" : pattern).matches(message)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"open", "{ $.a = 1", "{ $.a }", "{ $.a > \"x\" }", "{ a = 1 }", "[a, ..., b, ...]", "%[%", "{ $.a = 1 } x", "-"})
    void what_is_no_pattern_is_refused(String text) {
        assertThatThrownBy(() -> FilterPattern.parse(text)).isInstanceOf(MalformedPattern.class).hasMessageStartingWith("Invalid filter pattern: ");
    }
}
