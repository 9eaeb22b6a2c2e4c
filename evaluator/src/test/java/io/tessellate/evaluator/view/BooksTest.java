package io.tessellate.evaluator.view;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.id.TaskId;
import io.tessellate.topic.DeadLetterHeader;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class BooksTest {
    @Test
    void deadLettersAreCountedByTaskAndReason() {
        var book = new DeadLetterBook();
        book.count(TaskId.of("bot", "tone"), "UNDECODABLE");
        book.count(TaskId.of("bot", "tone"), "UNKNOWN_LABEL");
        book.count(TaskId.of("bot", "tone"), "UNKNOWN_LABEL");
        book.count(TaskId.of("bot", "a"), "MISSING_FIELD");

        assertThat(book.entries())
                .containsExactly(
                        new DeadLetterBook.Entry("bot/a", 1, Map.of("MISSING_FIELD", 1L), List.of()),
                        new DeadLetterBook.Entry(
                                "bot/tone", 3, Map.of("UNDECODABLE", 1L, "UNKNOWN_LABEL", 2L), List.of()));
        assertThat(book.revision()).isEqualTo(4);
    }

    @Test
    void theNewestDeadLetterOfEachReasonCanBeLookedAt() {
        var headers = new RecordHeaders();
        headers.add(DeadLetterHeader.CODE.key(), "UNDECODABLE".getBytes(UTF_8));
        headers.add(DeadLetterHeader.REASON.key(), "x".repeat(500).getBytes(UTF_8));
        headers.add(DeadLetterHeader.TOPIC.key(), "tasks.bot.tone".getBytes(UTF_8));
        headers.add(DeadLetterHeader.PARTITION.key(), "2".getBytes(UTF_8));
        headers.add(DeadLetterHeader.OFFSET.key(), "17".getBytes(UTF_8));
        byte[] value = ("\u0000sch\u00f6n\u001b[31m" + "y".repeat(900)).getBytes(UTF_8);
        var book = new DeadLetterBook();
        book.take(TaskId.of("bot", "tone"), DeadLetterSample.of(headers, value));
        book.take(TaskId.of("bot", "tone"), DeadLetterSample.of(headers, null));
        book.take(TaskId.of("bot", "tone"), DeadLetterSample.of(headers, value));

        DeadLetterBook.Entry entry = book.entries().get(0);
        assertThat(entry.count()).isEqualTo(3);
        DeadLetterSample newest = entry.newest().get(0);
        assertThat(entry.newest()).hasSize(1);
        assertThat(newest.source()).isEqualTo("tasks.bot.tone, partition 2, offset 17");
        assertThat(newest.bytes()).isEqualTo(value.length);
        assertThat(newest.content()).startsWith("\u00b7sch\u00f6n\u00b7[31myyy").hasSizeLessThan(401);
        assertThat(newest.reason()).hasSize(403);
        assertThat(DeadLetterSample.of(new RecordHeaders(), null).code()).isEqualTo("UNKNOWN");
    }
}
