package io.tessellate.predictor.asking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.dataset.Question;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How questions wait for the one thread that answers them. */
class QuestionQueueTest {
    private final QuestionQueue queue = new QuestionQueue(new PredictorSettings(10, 3, Duration.ofMillis(1)));

    private static List<PendingQuestion> questions(String task, int count) {
        AskedView view = AskedViews.of(task);
        return IntStream.range(0, count)
                .mapToObj(i -> new PendingQuestion(view, Question.of(task + i)))
                .toList();
    }

    private List<String> taken() throws InterruptedException {
        return queue.take().stream().map(question -> question.question().text()).toList();
    }

    @Test
    void questionsOfOneViewAreHandedOutTogetherAndViewsTakeTurns() throws InterruptedException {
        queue.put(questions("sst", 2));
        queue.put(questions("ag", 4));
        queue.put(questions("sst", 2));
        assertThat(taken()).containsExactly("sst0", "sst1", "sst0");
        assertThat(taken()).containsExactly("ag0", "ag1", "ag2");
        assertThat(taken()).containsExactly("sst1");
        assertThat(taken()).containsExactly("ag3");
        assertThat(queue.size()).isZero();
    }

    @Test
    void whatHasNoRoomIsRefusedAsAWhole() throws InterruptedException {
        queue.put(questions("sst", 8));
        assertThatThrownBy(() -> queue.put(questions("ag", 3)))
                .isInstanceOfSatisfying(
                        RetriableException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.QUEUE_FULL))
                .hasMessage("8 questions wait, and 3 more would be over the limit of 10");
        queue.put(questions("ag", 2));
        assertThat(taken()).hasSize(3);
        queue.put(questions("ag", 3));
        assertThat(queue.size()).isEqualTo(10);
    }

    @Test
    void whatWaitsAtTheEndIsHandedOut() {
        queue.put(questions("sst", 2));
        queue.put(questions("ag", 1));
        assertThat(queue.drain()).hasSize(3);
        assertThat(queue.size()).isZero();
    }
}
