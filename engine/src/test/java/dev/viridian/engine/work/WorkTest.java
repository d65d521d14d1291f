package dev.viridian.engine.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.engine.store.Key;
import dev.viridian.engine.store.SqliteStore;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import dev.viridian.engine.time.SystemTime;
import dev.viridian.engine.time.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class WorkTest {
    final Store store = SqliteStore.inMemory(JsonMapper.builder().build());
    final VirtualTime time = new VirtualTime();
    final List<String> ran = new ArrayList<>();
    Work work = new Work(store, time, Runnable::run);

    @Test
    void a_row_runs_at_its_moment_and_not_before() {
        work.handle("bake", this::noteAndFinish);
        work.start();
        work.at("bake", "d-1", time.now().plusSeconds(60));

        time.advance(Duration.ofSeconds(59));
        assertThat(ran).isEmpty();
        time.advance(Duration.ofSeconds(1));
        assertThat(ran).containsExactly("d-1");
        assertThat(work.due("bake", "d-1")).isEmpty();
    }

    @Test
    void a_step_that_wants_to_be_called_again_is() {
        work.handle("shift", key -> {
            ran.add(key);
            return ran.size() < 3 ? Next.at(time.now().plusSeconds(10)) : Next.done();
        });
        work.start();
        work.wake("shift", "d-1");

        time.advance(Duration.ofSeconds(15));
        assertThat(ran).hasSize(2);
        time.advance(Duration.ofSeconds(60));
        assertThat(ran).hasSize(3);
    }

    @Test
    void a_key_may_be_composed_of_parts() {
        work.handle("bake", this::noteAndFinish);
        work.start();
        work.wake("bake", Key.of("111122223333", "us-east-1", "shop"));
        time.settle();

        assertThat(ran).containsExactly(Key.of("111122223333", "us-east-1", "shop"));
    }

    @Test
    void waking_brings_a_waiting_row_forward() {
        work.handle("bake", this::noteAndFinish);
        work.start();
        work.at("bake", "d-1", time.now().plusSeconds(600));
        work.wake("bake", "d-1");
        time.settle();

        assertThat(ran).containsExactly("d-1");
    }

    @Test
    void a_row_woken_while_it_runs_runs_once_more() {
        work.handle("shift", key -> {
            ran.add(key);
            if (ran.size() == 1) {
                work.wake("shift", key);
            }
            return Next.done();
        });
        work.start();
        work.wake("shift", "d-1");
        time.settle();

        assertThat(ran).hasSize(2);
        assertThat(work.due("shift", "d-1")).isEmpty();
    }

    @Test
    void a_row_cancelled_while_it_runs_leaves_nothing_behind() {
        work.handle("shift", key -> {
            work.cancel("shift", key);
            return Next.again();
        });
        work.start();
        work.wake("shift", "d-1");
        time.settle();

        assertThat(work.due("shift", "d-1")).isEmpty();
    }

    @Test
    void a_step_that_fails_is_tried_again_with_growing_pauses_and_then_forgets_its_failures() {
        work.handle("shift", key -> {
            ran.add(key);
            if (ran.size() < 3) {
                throw new IllegalStateException("the engine is away");
            }
            return Next.done();
        });
        work.start();
        work.wake("shift", "d-1");

        time.settle();
        assertThat(ran).hasSize(1);
        time.advance(Duration.ofMillis(250));
        assertThat(ran).hasSize(2);
        time.advance(Duration.ofMillis(499));
        assertThat(ran).hasSize(2);
        time.advance(Duration.ofMillis(1));
        assertThat(ran).hasSize(3);
        assertThat(work.due("shift", "d-1")).isEmpty();
    }

    @Test
    void pauses_double_up_to_half_a_minute() {
        assertThat(Work.pauseAfter(0)).isEqualTo(Duration.ofMillis(250));
        assertThat(Work.pauseAfter(3)).isEqualTo(Duration.ofSeconds(2));
        assertThat(Work.pauseAfter(50)).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void what_waited_when_the_process_died_is_taken_up_by_the_next_one() {
        work.handle("bake", this::noteAndFinish);
        work.start();
        work.at("bake", "d-1", time.now().plusSeconds(60));
        work.close();

        restart();
        time.advance(Duration.ofSeconds(60));
        assertThat(ran).containsExactly("d-1");
    }

    @Test
    void a_step_the_process_died_in_runs_again_at_once() {
        class Killed extends Error {
            private static final long serialVersionUID = 1L;
        }
        work.handle("bake", key -> {
            throw new Killed();
        });
        work.start();
        work.wake("bake", "d-1");
        try {
            time.settle();
        } catch (Killed expected) {
            work.close();
        }

        restart();
        time.settle();
        assertThat(ran).containsExactly("d-1");
    }

    @Test
    void work_asked_for_in_a_transaction_that_fails_is_not_done() {
        work.handle("bake", this::noteAndFinish);
        work.start();
        try {
            store.transact(() -> {
                work.wake("bake", "d-1");
                throw new IllegalArgumentException();
            });
        } catch (IllegalArgumentException expected) {
            time.settle();
        }

        assertThat(ran).isEmpty();
    }

    @Test
    void a_follower_sees_every_change_in_order_and_goes_on_where_it_stopped() {
        Table<String> pushes = store.table("git.pushes", String.class);
        work.follow("pipeline", pushes, change -> ran.add(change.key()));
        work.start();
        pushes.put("1", "main");
        pushes.put("2", "main");
        time.settle();
        work.close();
        pushes.put("3", "made while nobody listened");

        work = new Work(store, time, Runnable::run);
        work.follow("pipeline", pushes, change -> ran.add(change.key()));
        work.start();
        time.settle();
        assertThat(ran).containsExactly("1", "2", "3");
    }

    @Test
    void on_the_real_clock_keys_run_side_by_side_but_one_key_never_twice_at_once() throws Exception {
        SystemTime clock = new SystemTime();
        Work real = new Work(store, clock);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger overlaps = new AtomicInteger();
        CountDownLatch runs = new CountDownLatch(100);
        real.handle("step", key -> {
            if (inside.incrementAndGet() > 1) {
                overlaps.incrementAndGet();
            }
            runs.countDown();
            inside.decrementAndGet();
            return runs.getCount() > 0 ? Next.again() : Next.done();
        });
        real.start();
        while (runs.getCount() > 0) {
            real.wake("step", "one");
        }

        assertThat(runs.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(overlaps).hasValue(0);
        real.close();
        clock.close();
    }

    private void restart() {
        work = new Work(store, time, Runnable::run);
        work.handle("bake", this::noteAndFinish);
        work.start();
    }

    private Next noteAndFinish(String key) {
        ran.add(key);
        return Next.done();
    }

}
