package dev.viridian.services.codebuild;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {

    @ParameterizedTest(name = "{0} and {1}: {2}")
    @CsvSource(textBlock = """
            a.txt,      a.txt,        true
            a.txt,      d/a.txt,      false
            d/*,        d/a.txt,      true
            d/*,        d/e/a.txt,    false
            d/**/*,     d/a.txt,      true
            d/**/*,     d/e/f/a.txt,  true
            **/*,       a.txt,        true
            **/*,       .hidden,      true
            **/*.jar,   x/y/z.jar,    true
            **/*.jar,   z.jar,        true
            **/*.jar,   z.war,        false
            target/*-?.jar, target/app-1.jar, true
            target/*-?.jar, target/app-12.jar, false
            a*b*c,      aXbYbZc,      true
            """)
    void patterns_name_files(String pattern, String path, boolean matches) {
        assertThat(Glob.matches(pattern, path)).isEqualTo(matches);
    }
}
