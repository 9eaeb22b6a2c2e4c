package io.tessellate.runtime.kafka.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.StoppedException;
import io.tessellate.runtime.retry.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.Test;

class KeyQueueTest {
    private static final Backoff PAUSES = new Backoff(Duration.ofSeconds(10), Duration.ofSeconds(40), 9);

    private final AtomicLong clock = new AtomicLong();
    private final List<CompletableFuture<?>> works = new ArrayList<>();
    private final List<Cancellation> cancellations = new ArrayList<>();
    private final KeyQueue<String> queue =
            new KeyQueue<>("glue", new KeyQueue.Hands<>(this::begin, PAUSES, clock::get));

    private CompletableFuture<?> begin(
            ConsumerRecord<String, String> record, Cancellation cancellation, Waiting waiting) {
        cancellations.add(cancellation);
        works.add(new CompletableFuture<Void>());
        return last();
    }

    private CompletableFuture<?> last() {
        return works.get(works.size() - 1);
    }

    private void add(long offset) {
        queue.add(new ConsumerRecord<>("tasks", 0, offset, "glue", "text"));
    }

    private void seconds(long seconds) {
        clock.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }

    @Test
    void oneRecordIsWorkedOnAtATimeInTheirOrder() {
        add(3);
        add(4);
        assertThat(queue.advance()).isNull();
        assertThat(queue.advance()).isNull();
        assertThat(works).hasSize(1);

        last().complete(null);
        assertThat(queue.advance().offset()).isEqualTo(3);
        assertThat(works).hasSize(2);
        last().complete(null);
        assertThat(queue.advance().offset()).isEqualTo(4);
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void whatNobodyForesawIsTriedAgainAfterGrowingPauses() {
        add(3);
        queue.advance();
        for (int pause : new int[] {10, 20, 40, 40}) {
            int before = works.size();
            last().completeExceptionally(new IllegalStateException("nobody foresaw this"));
            seconds(0);
            assertThat(queue.advance()).isNull();
            assertThat(queue.trouble()).isEqualTo(new KeyQueue.Trouble(ErrorCode.DEFECT, "nobody foresaw this"));
            seconds(pause - 1);
            queue.advance();
            assertThat(works).hasSize(before);
            seconds(1);
            queue.advance();
            assertThat(works).hasSize(before + 1);
        }
        last().complete(null);
        assertThat(queue.advance().offset()).isEqualTo(3);
        assertThat(queue.trouble()).isNull();
    }

    @Test
    void theCodeOfAKnownFailureIsKept() {
        add(3);
        queue.advance();
        last().completeExceptionally(new RetriableException(ErrorCode.STORAGE, "the disk is full"));
        queue.advance();
        assertThat(queue.trouble()).isEqualTo(new KeyQueue.Trouble(ErrorCode.STORAGE, "the disk is full"));
    }

    @Test
    void aStopIsNoTroubleAndTheRecordStays() {
        add(3);
        queue.advance();
        last().completeExceptionally(new StoppedException("asked to"));
        assertThat(queue.advance()).isNull();
        assertThat(queue.trouble()).isNull();
        assertThat(queue.isEmpty()).isFalse();
    }

    @Test
    void aProducerThatIsOfNoUseAnyMoreIsNotTheRecordsFault() {
        add(3);
        queue.advance();
        last().completeExceptionally(new ProducerFencedException("another has the id"));
        assertThatThrownBy(queue::advance).isInstanceOf(ProducerFencedException.class);
    }

    @Test
    void aRecordThatIsTooLargeHoldsItsOwnKeyOnly() {
        add(3);
        queue.advance();
        last().completeExceptionally(new RecordTooLargeException("20 MiB"));
        assertThat(queue.advance()).isNull();
        assertThat(queue.trouble()).isEqualTo(new KeyQueue.Trouble(ErrorCode.DEFECT, "20 MiB"));
    }

    @Test
    void whatTheWorkWaitsForCanBeSeenUntilItGoesOn() {
        queue.waitsFor(ErrorCode.UNAVAILABLE_DEPENDENCY, "the registry is away");
        assertThat(queue.trouble())
                .isEqualTo(new KeyQueue.Trouble(ErrorCode.UNAVAILABLE_DEPENDENCY, "the registry is away"));
        queue.goesOn();
        assertThat(queue.trouble()).isNull();
    }

    @Test
    void onlyTheCurrentWorkIsAskedToStopAndItsEndIsAwaited() {
        queue.cancel();
        queue.awaitEnd(clock.get());
        add(3);
        queue.advance();
        queue.cancel();
        assertThat(cancellations).singleElement().matches(Cancellation::isCancelled);
        queue.awaitEnd(clock.get());
        last().completeExceptionally(new StoppedException("asked to"));
        queue.awaitEnd(clock.get());
        assertThat(queue.isEmpty()).isFalse();
    }
}
