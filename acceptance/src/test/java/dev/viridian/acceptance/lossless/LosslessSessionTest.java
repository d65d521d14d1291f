package dev.viridian.acceptance.lossless;

import static dev.viridian.acceptance.lossless.Balancers.forward;
import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.acceptance.RunningServer;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;

/// The promise everything else rests on, as a user would check it. Long form by hand, with its figures in docs/benchmarks.md:
/// `mvn -B -pl acceptance -am verify -Dtest=LosslessSessionTest -Dsurefire.failIfNoSpecifiedTests=false -Dviridian.lossless.seconds=600`.
class LosslessSessionTest {
    private static final Duration LENGTH = Duration.ofSeconds(Integer.getInteger("viridian.lossless.seconds", 20));

    /// At least, however slow the machine: every kind of change twice.
    private static final int ROUNDS = 6;

    private final Tally tally = new Tally();
    private final Identity.Known known = new Identity.Known();

    @Test
    void nothing_is_lost_while_weights_flip_targets_drain_and_die_and_certificates_change() throws Exception {
        try (RunningServer server = RunningServer.start(60); Balancers balancers = new Balancers(server.endpoint())) {
            session(balancers);
        }
        System.out.println("Lossless session " + tally.report());

        assertThat(tally.losses()).isEmpty();
        assertThat(Load.KINDS).allSatisfy(kind -> assertThat(tally.answers(kind)).as(kind).isPositive());
        assertThat(tally.changes("weights")).isGreaterThanOrEqualTo(30 * ROUNDS);
        assertThat(tally.changes("targets replaced")).isGreaterThanOrEqualTo(2);
        assertThat(tally.changes("targets killed")).isGreaterThanOrEqualTo(2);
        assertThat(tally.changes("certificates")).isGreaterThanOrEqualTo(2);
    }

    private void session(Balancers balancers) throws Exception {
        String blue = balancers.group("blue", "HTTP1");
        String green = balancers.group("green", "HTTP1");
        String blueGrpc = balancers.group("blue-grpc", "GRPC");
        String greenGrpc = balancers.group("green-grpc", "GRPC");
        String mortals = balancers.group("mortals", "HTTP1");
        int http = RunningServer.freePort();
        int https = RunningServer.freePort();
        Identity first = Identity.make("lossless.test");
        known.add(first);
        String certificate = balancers.importCertificate(first);
        String plain = balancers.listener(ProtocolEnum.HTTP, http, forward(blue, 50, green, 50), Optional.empty());
        String secure = balancers.listener(ProtocolEnum.HTTPS, https, forward(blue, 50, green, 50), Optional.of(certificate));
        balancers.rule(plain, 1, "/mortal", forward(mortals));
        String calls = balancers.rule(secure, 1, "/lossless.Echo/*", forward(blueGrpc, 50, greenGrpc, 50));

        try (Colour blues = new Colour(balancers, blue, () -> Targets.web("blue")); Colour greens = new Colour(balancers, green, () -> Targets.web("green"));
                Colour blueCalls = new Colour(balancers, blueGrpc, Targets::grpc); Colour greenCalls = new Colour(balancers, greenGrpc, Targets::grpc);
                Targets.Mortal one = new Targets.Mortal(); Targets.Mortal two = new Targets.Mortal();
                Load load = new Load(tally, http, https, known)) {
            balancers.register(mortals, one);
            balancers.register(mortals, two);
            balancers.awaitHealthy(mortals, one);
            balancers.awaitHealthy(mortals, two);
            load.begin();
            long end = System.nanoTime() + LENGTH.toNanos();
            Colour[] colours = {blues, greens, blueCalls, greenCalls};
            Targets.Mortal[] dying = {one, two};
            for (int round = 0; round < ROUNDS || System.nanoTime() < end; round++) {
                for (int i = 0; i < 10; i++) {
                    int share = new int[] {0, 100, 37, 50}[(round * 10 + i) % 4];
                    Action action = forward(blue, share, green, 100 - share);
                    balancers.weigh(plain, action);
                    balancers.weigh(secure, action);
                    balancers.weighRule(calls, forward(blueGrpc, share, greenGrpc, 100 - share));
                    tally.changed("weights");
                    tally.changed("weights");
                    tally.changed("weights");
                }
                switch (round % 3) {
                    case 0 -> {
                        colours[round / 3 % 4].replaceOne();
                        tally.changed("targets replaced");
                    }
                    case 1 -> {
                        Targets.Mortal victim = dying[round / 3 % 2];
                        victim.kill();
                        tally.changed("targets killed");
                        balancers.awaitUnhealthy(mortals, victim);
                        victim.rise();
                        balancers.awaitHealthy(mortals, victim);
                    }
                    default -> {
                        certificate = changeCertificate(balancers, secure, certificate, round / 3 % 2 == 0);
                        tally.changed("certificates");
                    }
                }
            }
            load.end();
        }
    }

    /// @param again whether the same certificate gets new contents, rather than the listener another certificate
    private String changeCertificate(Balancers balancers, String listener, String current, boolean again) {
        Identity next = Identity.make("lossless.test");
        known.add(next);
        if (again) {
            balancers.importAgain(current, next);
            return current;
        }
        String other = balancers.importCertificate(next);
        balancers.show(listener, other);
        return other;
    }
}
