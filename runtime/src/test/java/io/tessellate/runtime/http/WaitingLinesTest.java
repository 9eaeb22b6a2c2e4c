package io.tessellate.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What waits for a slow reader is bounded, and its end is never lost. */
class WaitingLinesTest {
    private final WaitingLines lines = new WaitingLines();

    private List<Object> all() throws InterruptedException {
        List<Object> all = new ArrayList<>();
        for (Object line = lines.next(0); line != null; line = lines.next(0)) {
            all.add(line);
        }
        return all;
    }

    @Test
    void aReaderThatKeepsUpGetsEveryLine() throws InterruptedException {
        for (int i = 0; i < 1000; i++) {
            lines.progress(i);
            assertThat(lines.next(0)).isEqualTo(i);
        }
        assertThat(lines.next(1)).isNull();
        assertThat(lines.leftOut()).isZero();
    }

    @Test
    void whatWaitsTooLongIsThinnedAndCountedAndTheNewestAndTheLastAreThere() throws InterruptedException {
        for (int i = 1; i <= 100_000; i++) {
            lines.progress(i);
        }
        lines.last("the end");
        List<Object> left = all();
        assertThat(left).hasSizeBetween(WaitingLines.MOST / 2, WaitingLines.MOST + 1);
        assertThat(left.subList(left.size() - 2, left.size())).containsExactly(100_000, "the end");
        assertThat(left.subList(0, left.size() - 1))
                .map(Integer.class::cast)
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(lines.leftOut()).isEqualTo(100_000 - (left.size() - 1));
    }

    @Test
    void theLastIsAddedWhereNothingMoreHasRoom() throws InterruptedException {
        for (int i = 0; i < WaitingLines.MOST; i++) {
            lines.progress(i);
        }
        lines.last("the end");
        assertThat(all()).hasSize(WaitingLines.MOST + 1).endsWith("the end");
    }
}
