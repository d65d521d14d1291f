package dev.viridian.wire.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SigV4Test {
    private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private static final Instant SIGNED = Instant.parse("2024-01-02T03:04:05Z");
    private static final String PATH = "/v1/repos/nginx-sample";

    /// Source: AWS General Reference, "Examples of how to derive a signing key" (20120215, us-east-1, iam).
    @Test
    void the_signing_key_is_the_one_of_AWSs_example() {
        assertThat(SigV4.hex(SigV4.signingKey(SECRET, new Scope("20120215", "us-east-1", "iam"))))
                .isEqualTo("f4780e2d9f65fa895f9c67b32ce1baf0b0d8a43505a000a1a9e090d414db404d");
    }

    /// Source: computed by `aws codecommit credential-helper` and by git-remote-codecommit.
    @Test
    void the_git_password_is_the_one_both_tools_compute() {
        assertThat(SigV4.gitPassword(SECRET, "us-east-1", SIGNED, "git-codecommit.us-east-1.amazonaws.com", PATH))
                .isEqualTo("20240102T030405Zb399f7f971a0e86ac810cdcecf863d29a768537abbb2a0b0d16fd4f2f5645bd3");
        assertThat(SigV4.gitPassword(SECRET, "us-east-1", SIGNED, "localhost:8443", PATH))
                .isEqualTo("20240102T030405Zb5701c75138340cb53bd0e41b1ada8cf63cf58d4963c57db5f2783a90981ce63");
    }

    @Test
    void a_git_password_is_good_for_a_quarter_of_an_hour_one_path_and_any_of_our_names() {
        String password = SigV4.gitPassword(SECRET, "us-east-1", SIGNED, "localhost:8443", PATH);
        List<String> hosts = List.of("git-codecommit.us-east-1.amazonaws.com", "localhost:8443");
        List<String> regions = List.of("eu-west-1", "us-east-1");

        assertThat(GitPassword.verify(password, SECRET, regions, hosts, PATH, SIGNED.plusSeconds(60))).isEqualTo(GitPassword.Verdict.VALID);
        assertThat(GitPassword.verify(password, SECRET, regions, hosts, PATH, SIGNED.plus(Duration.ofMinutes(16))))
                .isEqualTo(GitPassword.Verdict.EXPIRED);
        assertThat(GitPassword.verify(password, SECRET, regions, hosts, "/v1/repos/other", SIGNED)).isEqualTo(GitPassword.Verdict.WRONG);
        assertThat(GitPassword.verify(password, "another secret", regions, hosts, PATH, SIGNED)).isEqualTo(GitPassword.Verdict.WRONG);
        assertThat(GitPassword.verify("a generated password=", SECRET, regions, hosts, PATH, SIGNED)).isEqualTo(GitPassword.Verdict.WRONG);
        assertThat(GitPassword.looksLikeOne(password)).isTrue();
    }
}
