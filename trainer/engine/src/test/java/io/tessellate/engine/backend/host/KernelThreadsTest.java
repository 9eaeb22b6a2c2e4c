package io.tessellate.engine.backend.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelThreadsTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void everyBlockIsWorkedOffOnceBeforeTheCallReturns(int count) {
        KernelThreads threads = new KernelThreads(count);
        for (int round = 0; round < 400; round++) {
            int blocks = 1 + round % 37;
            AtomicIntegerArray done = new AtomicIntegerArray(blocks);
            threads.run(blocks, done::incrementAndGet);
            assertThat(IntStream.range(0, blocks).map(done::get)).containsOnly(1);
        }
    }

    @Test
    void whatIsWrittenByAllIsSeenByWhoCalled() {
        KernelThreads threads = new KernelThreads(4);
        int[] plain = new int[64];
        for (int round = 1; round <= 500; round++) {
            threads.run(plain.length, b -> plain[b]++);
            assertThat(plain).containsOnly(round);
        }
    }

    @Test
    void severalCallersAndKernelsWithinKernelsDoNotWaitForEachOther() throws Exception {
        KernelThreads threads = new KernelThreads(2);
        AtomicInteger sum = new AtomicInteger();
        IntConsumer inner = b -> threads.run(5, c -> sum.addAndGet(c));
        ExecutorService callers = Executors.newFixedThreadPool(3);
        try {
            List<Future<?>> calls = Collections.synchronizedList(new ArrayList<>());
            for (int c = 0; c < 3; c++) {
                calls.add(callers.submit(() -> IntStream.range(0, 50).forEach(i -> threads.run(7, inner))));
            }
            for (Future<?> call : calls) {
                call.get();
            }
        } finally {
            callers.shutdownNow();
        }
        assertThat(sum).hasValue(3 * 50 * 7 * 10);
    }

    @Test
    void aFailureReachesTheCallerWhenTheOtherBlocksAreDone() {
        KernelThreads threads = new KernelThreads(3);
        for (int failing = 0; failing < 9; failing++) {
            AtomicInteger done = new AtomicInteger();
            int bad = failing;
            assertThatThrownBy(() -> threads.run(9, b -> {
                        if (b == bad) {
                            throw new IllegalStateException("block " + b);
                        }
                        done.incrementAndGet();
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("block " + bad);
            assertThat(done).hasValue(8);
        }
        threads.run(9, b -> {});
    }

    @Test
    void threadsThatWereSentToSleepWorkAgain() {
        KernelThreads threads = new KernelThreads(3);
        for (int round = 0; round < 50; round++) {
            AtomicInteger done = new AtomicInteger();
            threads.run(11, b -> done.incrementAndGet());
            assertThat(done).hasValue(11);
            threads.rest();
        }
    }
}
