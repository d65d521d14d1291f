package dev.viridian.services.codebuild;

import dev.viridian.aws.Caller;
import dev.viridian.engine.store.Key;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.codebuild.model.BuildPhaseType;

/// The rows of builds, by account, region and id.
final class Builds {
    static final String KIND = "codebuild.build";
    private static final Comparator<BuildRun> OLDEST_FIRST = Comparator.comparing((BuildRun run) -> run.build().startTime())
            .thenComparing(run -> run.build().buildNumber()).thenComparing(run -> run.build().id());
    private final Store store;
    private final Table<BuildRun> table;

    Builds(Store store) {
        this.store = store;
        this.table = store.table("codebuild.builds", BuildRun.class);
    }

    static String key(BuildRun run) {
        return Key.of(run.account(), run.region(), run.build().id());
    }

    void add(BuildRun run) {
        table.put(key(run), run);
    }

    Optional<BuildRun> find(String key) {
        return table.find(key);
    }

    /// @param id or ARN of a build of the current caller's account and region
    Optional<BuildRun> here(String id) {
        Caller caller = Caller.current();
        String plain = id.startsWith("arn:") ? id.substring(id.indexOf(":build/") + ":build/".length()) : id;
        return table.find(Key.of(caller.account(), caller.region(), plain));
    }

    /// Those of the current caller's account and region, oldest first.
    List<BuildRun> here() {
        Caller caller = Caller.current();
        return table.list(Key.under(caller.account(), caller.region())).stream().sorted(OLDEST_FIRST).toList();
    }

    void update(String key, UnaryOperator<BuildRun> change) {
        table.update(key, change);
    }

    void delete(BuildRun run) {
        table.delete(key(run));
    }

    void transact(Runnable body) {
        store.transact(body);
    }

    /// How many hold a place of the capacity, in all accounts.
    long running() {
        return table.list().stream().filter(run -> !run.build().buildComplete())
                .filter(run -> run.phase() != BuildPhaseType.SUBMITTED && run.phase() != BuildPhaseType.QUEUED).count();
    }
}
