package dev.viridian.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.app.internal.Status;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusCommandTest {

    @Test
    void listeners_stand_below_their_load_balancer_by_port_with_where_they_really_are() {
        assertThat(StatusCommand.listeners(List.of(
                new Status.Listener("web", "http://web-1.us-east-1.elb.localhost:8080", 8080, "127.0.0.1:8080", ""),
                new Status.Listener("api", "https://api-2.us-east-1.elb.localhost:443", 443, "127.0.0.1:8443",
                        "Port 443 could not be bound; it is served on port 8443 instead"),
                new Status.Listener("api", "http://api-2.us-east-1.elb.localhost:80", 80, "", "Port 80 could not be bound"),
                new Status.Listener("web", "http://web-1.us-east-1.elb.localhost:80", 80, "127.0.0.1:80", ""))))
                .containsExactly("""
                          balancers
                            api
                              http://api-2.us-east-1.elb.localhost:80    NOT LISTENING: Port 80 could not be bound
                              https://api-2.us-east-1.elb.localhost:443  on 127.0.0.1:8443  (Port 443 could not be bound; it is served on port 8443 instead)
                            web
                              http://web-1.us-east-1.elb.localhost:80    on 127.0.0.1:80
                              http://web-1.us-east-1.elb.localhost:8080  on 127.0.0.1:8080
                        """.lines().toArray(String[]::new));
    }

    @Test
    void a_server_without_load_balancers_says_so() {
        assertThat(StatusCommand.listeners(List.of())).containsExactly("  balancers   none");
    }
}
