package dev.viridian.container.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class RulesTest {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            # method | path                          | verdict
            GET      | /_ping                        | Pass[]
            HEAD     | /_ping                        | Pass[]
            GET      | /images/json                  | Pass[]
            POST     | /images/a.b/c/push            | Push[name=a.b/c]
            POST     | /images/create                | Pull[]
            POST     | /build                        | Build[]
            POST     | /auth                         | Login[]
            POST     | /session                      | Pass[]
            POST     | /exec/1f/start                | Pass[]
            POST     | /images/x/tag                 | Pass[]
            GET      | /containers/json              | ListOwn[]
            POST     | /containers/create            | CreateContainer[]
            POST     | /containers/1f/start          | IfOwnContainer[id=1f]
            DELETE   | /containers/1f                | IfOwnContainer[id=1f]
            POST     | /networks/create              | CreateLabelled[]
            DELETE   | /networks/n                   | IfOwnNetwork[id=n]
            GET      | /networks/n                   | Pass[]
            POST     | /containers/prune             | Deny[message=pruning would take away what belongs to others]
            POST     | /swarm/init                   | Deny[message=POST /swarm/init is not available in builds]
            DELETE   | /volumes/v                    | Deny[message=DELETE /volumes/v is not available in builds]
            """)
    void each_request_has_a_verdict(String method, String path, String verdict) {
        assertThat(Rules.judge(method, path)).hasToString(verdict);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            {}                                                                             |
            {"HostConfig":{"Binds":["volume:/data"],"NetworkMode":"default"}}              |
            {"HostConfig":{"Privileged":true}}                                             | privileged
            {"HostConfig":{"NetworkMode":"host"}}                                          | NetworkMode 'host'
            {"HostConfig":{"PidMode":"host"}}                                              | PidMode 'host'
            {"HostConfig":{"Binds":["/etc:/x:ro"]}}                                        | the host path /etc
            {"HostConfig":{"Mounts":[{"Type":"bind","Source":"/var/run/docker.sock"}]}}    | the host path /var/run/docker.sock
            {"HostConfig":{"CapAdd":["SYS_ADMIN"]}}                                        | added capabilities
            """)
    void a_container_may_ask_nothing_of_the_host(String create, String reason) {
        assertThat(Rules.forbidden(MAPPER.readTree(create)).orElse("")).contains(reason == null ? "" : reason);
        assertThat(Rules.forbidden(MAPPER.readTree(create)).isPresent()).isEqualTo(reason != null);
    }

    @Test
    void joining_another_containers_namespace_names_it() {
        assertThat(Rules.joined(MAPPER.readTree("{\"HostConfig\":{\"NetworkMode\":\"container:abc\"}}"))).containsExactly("abc");
    }
}
