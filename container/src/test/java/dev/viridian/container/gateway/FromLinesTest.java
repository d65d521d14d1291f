package dev.viridian.container.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FromLinesTest {

    @Test
    void stages_are_not_images_and_arguments_are_filled_in() {
        String dockerfile = """
                ARG TAG=1.0
                ARG BASE
                FROM --platform=linux/amd64 a.example/base:${TAG} AS build
                RUN make
                FROM ${BASE:-scratch} AS empty
                FROM $BASE
                COPY --from=build /x /x
                COPY --chown=1 --from=b.example/tools:2 /y /y
                COPY --from=0 /z /z
                from build
                """;
        assertThat(FromLines.images(dockerfile, Map.of("BASE", "c.example/run:3")))
                .containsExactly("a.example/base:1.0", "c.example/run:3", "b.example/tools:2");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            # name                    | host             | repository            | reference
            nginx                     | ''               | nginx                 | latest
            library/nginx:1           | ''               | library/nginx         | 1
            localhost:5000/a/b        | localhost:5000   | localhost:5000/a/b    | latest
            r.example/a:1             | r.example        | r.example/a           | 1
            r.example/a@sha256:12     | r.example        | r.example/a           | sha256:12
            """)
    void names_come_apart(String name, String host, String repository, String reference) {
        assertThat(ImageName.of(name)).isEqualTo(new ImageName(host, repository, reference));
    }
}
