package dev.viridian.services.codecommit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.codecommit.model.FileTooLargeException;

/// What a person with the real git sees.
class GitClientsTest {
    @TempDir
    Path work;
    private World world;

    @BeforeEach
    void open() throws Exception {
        world = new World(work.resolve("served"));
        world.as(() -> world.codecommit.createRepository(r -> r.repositoryName("shop")));
        git("init", "-q", "-b", "bluegreen", ".");
        Files.writeString(work.resolve("readme"), "hello");
        git("add", "readme");
        git("commit", "-q", "-m", "first");
    }

    @AfterEach
    void close() throws Exception {
        world.close();
    }

    @Test
    void an_empty_repository_is_cloned_with_a_warning_and_takes_its_default_branch_from_the_first_push() throws Exception {
        assertThat(git("clone", world.url("shop"), "empty")).contains("You appear to have cloned an empty repository");
        git("push", world.url("shop"), "bluegreen");

        assertThat(world.as(() -> world.codecommit.getRepository(r -> r.repositoryName("shop")).repositoryMetadata().defaultBranch()))
                .isEqualTo("bluegreen");
        assertThat(git("push", world.url("shop"), ":bluegreen")).contains("The default branch cannot be deleted");
    }

    @Test
    void every_ref_of_a_push_is_told_with_who_and_whence() throws Exception {
        git("tag", "v1");
        git("push", world.url("shop"), "bluegreen", "v1");
        git("commit", "-q", "--amend", "-m", "changed");
        git("push", "--force", world.url("shop"), "bluegreen");
        git("push", world.url("shop"), ":refs/tags/v1");

        assertThat(world.told()).extracting(RefEvent::ref).containsExactly("refs/heads/bluegreen", "refs/tags/v1", "refs/heads/bluegreen",
                "refs/tags/v1");
        assertThat(world.told().get(2).forced()).isTrue();
        assertThat(world.told().get(2).before()).isEqualTo(world.told().get(0).after());
        assertThat(world.told().get(3).after()).isEmpty();
        assertThat(world.told()).allSatisfy(event -> assertThat(event.callerArn()).isEqualTo("arn:aws:iam::111122223333:user/dev"));
    }

    @Test
    void wrong_credentials_are_forbidden_none_are_asked_for_and_what_is_not_there_is_not_found() throws Exception {
        assertThat(git("ls-remote", world.url("dev-at-111122223333", "guess", "shop"))).contains("The requested URL returned error: 403");
        assertThat(git("ls-remote", world.url("shop").replaceFirst("//.*@", "//"))).contains("could not read Username");
        assertThat(git("ls-remote", world.url("gone"))).contains("not found");
        assertThat(git("ls-remote", world.url("shop.git"))).contains("not found");
        assertThat(git("ls-remote", world.url("shop").replace("/v1/repos", "/v2/repos"))).contains("not found");
    }

    @Test
    void who_may_only_read_can_clone_but_not_push_and_a_protected_branch_stays() throws Exception {
        git("push", world.url("shop"), "bluegreen");
        assertThat(git("ls-remote", world.url("reader-at-111122223333", "secret", "shop"))).contains("refs/heads/bluegreen");
        assertThat(git("push", world.url("reader-at-111122223333", "secret", "shop"), "bluegreen:x")).contains("403");
        assertThat(git("push", world.url("shop"), "bluegreen:frozen", "bluegreen:free"))
                .contains("You don't have permission to push changes to this branch.");
        assertThat(world.as(() -> world.codecommit.listBranches(r -> r.repositoryName("shop")).branches())).containsExactly("bluegreen", "free");
    }

    @Test
    void a_file_too_large_for_the_api_is_pushed_but_not_got() throws Exception {
        Files.write(work.resolve("big"), new byte[6 * 1024 * 1024 + 1]);
        git("add", "big");
        git("commit", "-q", "-m", "big");
        git("push", world.url("shop"), "bluegreen");

        assertThatThrownBy(() -> world.as(() -> world.codecommit.getFile(r -> r.repositoryName("shop").filePath("big"))))
                .isInstanceOf(FileTooLargeException.class);
        assertThat(world.as(() -> world.codecommit.getFolder(r -> r.repositoryName("shop").folderPath("/"))).files()).hasSize(2);
    }

    @Test
    void a_signature_decides_in_which_region_the_repository_is() throws Exception {
        world.in("us-west-2", () -> world.codecommit.createRepository(r -> r.repositoryName("west")));
        git("push", world.url("AKIAEXAMPLE%25token", "20260101T120000Zabc", "west"), "bluegreen");

        assertThat(world.told()).singleElement().extracting(RefEvent::region, RefEvent::callerArn)
                .containsExactly("us-west-2", "arn:aws:iam::111122223333:root");
        assertThat(world.logins.getLast().path()).isEqualTo("/v1/repos/west");
        assertThat(world.logins.getLast().regions()).startsWith("us-west-2").contains("us-east-1", "eu-central-1");
        assertThat(git("ls-remote", world.url("AKIAEXAMPLE%25token", "20260101T120000Zabc", "shop"))).contains("not found");
    }

    @Test
    void a_push_that_was_not_recorded_before_a_crash_is_told_after_the_restart() throws Exception {
        git("push", world.url("shop"), "bluegreen");
        String id = world.as(() -> world.codecommit.getRepository(r -> r.repositoryName("shop")).repositoryMetadata().repositoryId());
        String tip = world.git.require(id).branch("bluegreen").orElseThrow();
        world.git.require(id).createBranch("unheard", tip);

        world.restart();
        world.restart();

        assertThat(world.told()).extracting(RefEvent::shortName).containsExactly("bluegreen", "unheard");
    }

    @Test
    void after_a_rename_the_old_url_is_gone_and_events_carry_the_new_name() throws Exception {
        git("push", world.url("shop"), "bluegreen");
        world.as(() -> world.codecommit.updateRepositoryName(r -> r.oldName("shop").newName("store")));

        assertThat(git("ls-remote", world.url("shop"))).contains("not found");
        git("push", world.url("store"), "bluegreen:next");
        assertThat(world.told().getLast().repositoryName()).isEqualTo("store");
        world.as(() -> world.codecommit.deleteRepository(r -> r.repositoryName("store")));
        assertThat(git("ls-remote", world.url("store"))).contains("not found");
    }

    private String git(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(work.toFile()).redirectErrorStream(true);
        builder.environment().putAll(Map.of("GIT_CONFIG_GLOBAL", "/dev/null", "GIT_CONFIG_SYSTEM", "/dev/null", "GIT_TERMINAL_PROMPT", "0",
                "LC_ALL", "C.UTF-8",
                "GIT_AUTHOR_NAME", "Dev", "GIT_AUTHOR_EMAIL", "dev@example.com", "GIT_COMMITTER_NAME", "Dev", "GIT_COMMITTER_EMAIL",
                "dev@example.com"));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes());
        process.waitFor();
        return output;
    }
}
