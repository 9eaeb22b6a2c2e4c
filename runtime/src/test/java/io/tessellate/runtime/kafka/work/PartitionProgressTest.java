package io.tessellate.runtime.kafka.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionProgressTest {
    @Test
    void recordsThatAreDoneInOrderAreAnOrdinaryOffset() {
        PartitionProgress progress = fresh(0, 1, 2);

        progress.done(0);
        assertThat(progress.with(1)).isEqualTo(new OffsetAndMetadata(2));
        progress.done(1);
        assertThat(progress.with(2)).isEqualTo(new OffsetAndMetadata(3));
    }

    @Test
    void theFirstOpenRecordIsCommittedAndTheOtherOpenOnesGoWithIt() {
        PartitionProgress progress = fresh(5, 6, 7, 8, 12);

        progress.done(6);
        OffsetAndMetadata committed = progress.with(8);

        assertThat(committed.offset()).isEqualTo(5);
        PartitionProgress restarted = PartitionProgress.of(committed);
        assertThat(restarted.arrived(5)).isTrue();
        assertThat(restarted.arrived(6)).isFalse();
        assertThat(restarted.arrived(7)).isTrue();
        assertThat(restarted.arrived(8)).isFalse();
        assertThat(restarted.arrived(12)).isTrue();
        assertThat(restarted.arrived(13)).isTrue();
    }

    @Test
    void whatWasOpenBeforeARestartStaysOpenWhileItHasNotComeAgain() {
        PartitionProgress first = fresh(0, 1, 2, 3);
        first.done(1);
        PartitionProgress second = PartitionProgress.of(first.with(3));

        assertThat(second.arrived(0)).isTrue();
        PartitionProgress third = PartitionProgress.of(second.with(0));

        assertThat(third.arrived(2)).isTrue();
        assertThat(third.arrived(3)).isFalse();
        assertThat(third.with(2)).isEqualTo(new OffsetAndMetadata(4));
    }

    @Test
    void offsetsThatWereResetByHandSayThatNothingBehindIsDone() {
        for (String metadata : List.of("", "by hand", "open1 x", "open1")) {
            PartitionProgress progress = PartitionProgress.of(new OffsetAndMetadata(3, metadata));
            assertThat(progress.arrived(3)).isTrue();
            assertThat(progress.arrived(4)).isTrue();
        }
    }

    @Test
    void aTopicThatWasMadeAnewIsReadFromItsBeginning() {
        PartitionProgress progress = PartitionProgress.of(new OffsetAndMetadata(50, "open1 60 3"));

        assertThat(progress.arrived(0)).isTrue();
        assertThat(progress.arrived(51)).isTrue();
        progress.done(51);
        assertThat(progress.with(0)).isEqualTo(new OffsetAndMetadata(52));
    }

    @Test
    void nothingCommittedMeansEverythingIsOpen() {
        assertThat(PartitionProgress.of(null).arrived(0)).isTrue();
    }

    @Test
    void whatIsDoneTwiceIsDoneOnce() {
        PartitionProgress progress = fresh(0, 1);
        progress.done(0);
        progress.done(0);
        assertThat(progress.with(0).offset()).isEqualTo(1);
    }

    /** Whatever the order, and whenever it is killed: each record is done exactly once among those committed as done. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void noRecordIsLostOrDoneAgainHoweverWorkIsInterrupted(long seed) {
        var random = new Random(seed);
        int records = 200;
        Set<Long> done = new HashSet<>();
        OffsetAndMetadata committed = null;
        while (done.size() < records) {
            PartitionProgress progress = PartitionProgress.of(committed);
            List<Long> open = new ArrayList<>();
            long from = committed == null ? 0 : committed.offset();
            for (long offset = from; offset < records && open.size() < 1 + random.nextInt(60); offset++) {
                boolean fresh = progress.arrived(offset);
                assertThat(fresh).isEqualTo(!done.contains(offset));
                if (fresh) {
                    open.add(offset);
                }
            }
            Collections.shuffle(open, random);
            for (long offset : open.subList(0, random.nextInt(open.size() + 1))) {
                committed = progress.with(offset);
                progress.done(offset);
                done.add(offset);
                assertThat(committed.metadata().length()).isLessThan(4096);
            }
        }
        assertThat(committed).isEqualTo(new OffsetAndMetadata(records));
    }

    private static PartitionProgress fresh(long... offsets) {
        PartitionProgress progress = PartitionProgress.of(new OffsetAndMetadata(offsets[0]));
        for (long offset : offsets) {
            progress.arrived(offset);
        }
        return progress;
    }
}
