package dev.viridian.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigurationsTest {
    private static final Ports PORTS = new Ports(1001, 1002, 1003, 1004);

    @Test
    void nginx_listens_where_it_is_asked() {
        String text = Configurations.nginx(PORTS, 1000, 2, "/modules/stream.so");

        assertThat(text).contains("worker_processes 2;", "listen 127.0.0.1:1001 ", "listen 127.0.0.1:1002 ", "listen 127.0.0.1:1003 ",
                "listen 127.0.0.1:1004 ", "server 127.0.0.1:1000;", "load_module /modules/stream.so;", "proxy_buffers 8 64k");
        assertThat(text).doesNotContain("BACKEND", ":HTTP", "LOGGED", ":TLS", "STREAM");
    }

    @Test
    void nginx_without_the_module_does_without_tcp() {
        assertThat(Configurations.nginx(PORTS, 1000, 1, "")).doesNotContain("load_module", "1004", "stream {");
    }

    @Test
    void haproxy_listens_where_it_is_asked() {
        String text = Configurations.haproxy(PORTS, 1000, 2);

        assertThat(text).contains("nbthread 2", "bind 127.0.0.1:1001 ", "bind 127.0.0.1:1002 ", "bind 127.0.0.1:1003 ", "bind 127.0.0.1:1004 ",
                "server one 127.0.0.1:1000 check", "tune.bufsize 65536");
        assertThat(text).doesNotContain("BACKEND", ":HTTP", "LOGGED", ":TLS", "STREAM", "CORES");
    }

    @Test
    void the_backend_reads_all_of_an_upload() {
        assertThat(Configurations.backend(1000, 1005, "/files"))
                .contains("listen 127.0.0.1:1000 ", "root /files;", "client_body_buffer_size 256k", "proxy_pass_request_body off")
                .doesNotContain("PORT", "FILES", "BODY");
    }

    @Test
    void the_witness_writes_down_what_became_of_sessions() {
        assertThat(Configurations.backend(1000, 1005, "/files"))
                .contains("listen 127.0.0.1:1005 backlog=4096 ssl;", "log_format sessions '$ssl_session_reused';", "access_log witness.log sessions;")
                .doesNotContain("WITNESS");
    }

    @Test
    void workloads_are_named_as_one_types_them() {
        assertThat(Workload.SMALL_64.id()).isEqualTo("small-64");
        assertThat(Workload.values()).allSatisfy(workload -> assertThat(Workload.of(workload.id())).contains(workload));
    }

    @Test
    void a_plan_measures_what_it_is_told() {
        Plan plan = Plan.full().only(List.of(Workload.SMALL_64.id(), Workload.TCP.id())).withRounds(5).withSeconds(1);

        assertThat(plan.workloads()).containsExactly(Workload.SMALL_64, Workload.TCP);
        assertThat(plan.rounds()).isEqualTo(5);
        assertThatThrownBy(() -> Plan.full().only(List.of("small"))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(String.join(", ", Workload.ids()));
        assertThatThrownBy(() -> Plan.full().withRounds(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
