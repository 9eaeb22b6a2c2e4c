package io.tessellate.runtime.kafka.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tessellate.error.StoppedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private final Turns turns = new Turns(1);

    @Test
    void oneAtATimeIsAtWork() throws InterruptedException {
        var now = new AtomicInteger();
        var most = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int n = 0; n < 8; n++) {
            threads.add(new Thread(() -> turns.take(new Cancellation(), () -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                Thread.yield();
                return now.decrementAndGet();
            })));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(most).hasValue(1);
    }

    @Test
    void workThatFailsGivesItsTurnBack() {
        assertThatThrownBy(() -> turns.take(new Cancellation(), () -> {
                    throw new IllegalStateException("failed");
                }))
                .hasMessage("failed");
        assertThat(turns.<Integer>take(new Cancellation(), () -> 1)).isEqualTo(1);
    }

    @Test
    void whoWaitsForATurnCanBeStopped() {
        var release = new CountDownLatch(1);
        var taken = new CountDownLatch(1);
        var holder = new Thread(() -> turns.take(new Cancellation(), () -> {
            taken.countDown();
            awaitQuietly(release);
            return true;
        }));
        holder.start();
        await().until(() -> taken.getCount() == 0);
        var cancellation = new Cancellation();
        var stopped = new CountDownLatch(1);
        new Thread(() -> {
                    try {
                        turns.take(cancellation, () -> true);
                    } catch (StoppedException e) {
                        stopped.countDown();
                    }
                })
                .start();

        cancellation.cancel();
        await().until(() -> stopped.getCount() == 0);
        release.countDown();
    }

    @Test
    void turnsComeInTheOrderOfAskingHoweverLongTheFirstTakes() throws InterruptedException {
        var release = new CountDownLatch(1);
        var taken = new CountDownLatch(1);
        List<Integer> order = new CopyOnWriteArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int n = 0; n < 6; n++) {
            int number = n;
            threads.add(new Thread(() -> turns.take(new Cancellation(), () -> {
                order.add(number);
                taken.countDown();
                awaitQuietly(release);
                return true;
            })));
        }
        for (Thread thread : threads) {
            thread.start();
            await().until(() ->
                    thread.getState() == Thread.State.TIMED_WAITING || thread.getState() == Thread.State.WAITING);
        }
        await().pollDelay(Duration.ofMillis(250)).until(() -> taken.getCount() == 0);

        release.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(order).containsExactly(0, 1, 2, 3, 4, 5);
    }

    @Test
    void whoIsStoppedLeavesTheQueueAndTheNextHasTheTurn() throws InterruptedException {
        var release = new CountDownLatch(1);
        var taken = new CountDownLatch(1);
        var holder = new Thread(() -> turns.take(new Cancellation(), () -> {
            taken.countDown();
            awaitQuietly(release);
            return true;
        }));
        holder.start();
        await().until(() -> taken.getCount() == 0);
        var cancelled = new Cancellation();
        cancelled.cancel();
        assertThatThrownBy(() -> turns.take(cancelled, () -> true)).isInstanceOf(StoppedException.class);
        var impatient = new Cancellation();
        var stopped = new Thread(() -> {
            try {
                turns.take(impatient, () -> true);
            } catch (StoppedException e) {
                release.countDown();
            }
        });
        stopped.start();
        await().until(() -> stopped.getState() == Thread.State.TIMED_WAITING);
        impatient.cancel();
        holder.join();
        stopped.join();

        assertThat(turns.<Integer>take(new Cancellation(), () -> 1)).isEqualTo(1);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
