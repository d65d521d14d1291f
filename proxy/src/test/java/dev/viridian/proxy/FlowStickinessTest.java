package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.proxy.routing.Action;
import dev.viridian.proxy.routing.TargetGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Clients of many addresses (all of 127.0.0.0/8 is this machine) and where they are sent.
class FlowStickinessTest {
    private static final int CLIENTS = 40;

    private final Rig rig = new Rig();
    private final Backend[] backends = Stream.of("a", "b", "c").map(rig::backend).toArray(Backend[]::new);

    @AfterEach
    void close() {
        rig.close();
    }

    private int serve(Backend... targets) {
        TargetGroup group = Rig.group("group", targets).withStickiness(new TargetGroup.Stickiness.BySourceAddress());
        return rig.serve(ManualTarget.listener(Action.Forward.to("group")), group);
    }

    private static String answer(int port, int client) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress("127.0.1." + client, 0));
        try (Wire wire = new Wire(socket, "127.0.0.1", port)) {
            return wire.get("/").body();
        }
    }

    private static Map<Integer, String> answers(int port) throws IOException {
        Map<Integer, String> answers = new LinkedHashMap<>();
        for (int client = 1; client <= CLIENTS; client++) {
            answers.put(client, answer(port, client));
        }
        return answers;
    }

    @Test
    void a_client_returns_to_its_target_on_every_loop_and_clients_are_spread() throws IOException {
        int port = serve(backends);
        Map<Integer, String> first = answers(port);
        assertThat(answers(port)).isEqualTo(first);
        assertThat(answers(port)).isEqualTo(first);
        assertThat(first.values()).contains("a", "b", "c");
    }

    @Test
    void when_a_target_leaves_only_its_own_clients_move_and_they_return_with_it() throws IOException {
        Map<Integer, String> before = answers(serve(backends));
        Map<Integer, String> without = answers(serve(backends[0], backends[1]));
        before.forEach((client, target) -> {
            if (!target.equals("c")) {
                assertThat(without).containsEntry(client, target);
            }
        });
        assertThat(without.values()).containsOnly("a", "b");
        assertThat(answers(serve(backends))).isEqualTo(before);
    }

    @Test
    void a_client_whose_target_cannot_be_reached_gets_another_one() throws IOException {
        int port = serve(backends);
        Map<Integer, String> before = answers(port);
        backends[2].close();
        for (int client : before.entrySet().stream().filter(each -> each.getValue().equals("c")).map(Map.Entry::getKey).toList()) {
            assertThat(List.of("a", "b")).contains(answer(port, client));
        }
    }

    @Test
    void weights_divide_flows_between_groups_exactly() throws IOException {
        int port = rig.serve(ManualTarget.listener(Rig.weights("one", 3, "two", 1)), Rig.group("one", backends[0]), Rig.group("two", backends[1]));
        int ones = 0;
        for (int i = 0; i < 40; i++) {
            try (Wire wire = new Wire(port)) {
                ones += wire.get("/").body().equals("a") ? 1 : 0;
            }
        }
        assertThat(ones).as("two loops, each exact by itself").isBetween(29, 31);
    }
}
