package dev.viridian.services.codepipeline;

import dev.viridian.aws.Caller;
import dev.viridian.engine.store.Key;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The two tables and how their keys are made.
final class Rows {
    private final Table<Pipeline> pipelines;
    private final Table<Execution> executions;

    Rows(Store store) {
        this.pipelines = store.table("codepipeline.pipelines", Pipeline.class);
        this.executions = store.table("codepipeline.executions", Execution.class);
    }

    /// Names a pipeline across accounts and regions.
    record Id(String account, String region, String name) {
        static Id here(String name) {
            Caller caller = Caller.current();
            return new Id(caller.account(), caller.region(), name);
        }

        static Id of(Pipeline pipeline) {
            return new Id(pipeline.account(), pipeline.region(), pipeline.declaration().name());
        }

        static Id parse(String key) {
            String[] parts = Key.parts(key);
            return new Id(parts[0], parts[1], parts[2]);
        }

        String key() {
            return Key.of(account, region, name);
        }
    }

    Optional<Pipeline> pipeline(Id id) {
        return pipelines.find(id.key());
    }

    List<Pipeline> pipelines(String account, String region) {
        return pipelines.list(Key.under(account, region));
    }

    List<Pipeline> allPipelines() {
        return pipelines.list();
    }

    void save(Pipeline pipeline) {
        pipelines.put(Id.of(pipeline).key(), pipeline);
    }

    void delete(Id id) {
        pipelines.delete(id.key());
        executions.rows(Key.under(id.account(), id.region(), id.name())).forEach(row -> executions.delete(row.key()));
    }

    /// Oldest first.
    List<Execution> executions(Id id) {
        return executions.list(Key.under(id.account(), id.region(), id.name())).stream().sorted(Comparator.comparingLong(Execution::number)).toList();
    }

    Optional<Execution> execution(Id id, String executionId) {
        return executions.find(Key.of(id.account(), id.region(), id.name(), executionId));
    }

    void save(Id id, Execution execution) {
        executions.put(Key.of(id.account(), id.region(), id.name(), execution.id()), execution);
    }
}
