package io.tessellate.evaluator.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.event.Alert;
import io.tessellate.event.Severity;
import io.tessellate.id.TaskId;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BooksTest {
    @Test
    void alertsComeNewestFirstAndOnce() {
        var book = new AlertBook();
        Alert early = alert(1, 10);
        Alert late = alert(2, 20);
        book.apply(late);
        book.apply(early);
        book.apply(alert(1, 10));

        assertThat(book.alerts()).containsExactly(late, early);
    }

    @Test
    void onlyTheNewestAlertsAreKept() {
        var book = new AlertBook();
        for (int version = 1; version <= 600; version++) {
            book.apply(alert(version, version));
        }

        assertThat(book.alerts()).hasSize(500);
        assertThat(book.alerts().get(0).getVersion()).isEqualTo(600);
        assertThat(book.revision()).isEqualTo(600);
    }

    @Test
    void deadLettersAreCountedByTaskAndReason() {
        var book = new DeadLetterBook();
        book.count(TaskId.of("bot", "tone"), "UNDECODABLE");
        book.count(TaskId.of("bot", "tone"), "UNKNOWN_LABEL");
        book.count(TaskId.of("bot", "tone"), "UNKNOWN_LABEL");
        book.count(TaskId.of("bot", "a"), "MISSING_FIELD");

        assertThat(book.entries())
                .containsExactly(
                        new DeadLetterBook.Entry("bot/a", 1, Map.of("MISSING_FIELD", 1L)),
                        new DeadLetterBook.Entry("bot/tone", 3, Map.of("UNDECODABLE", 1L, "UNKNOWN_LABEL", 2L)));
        assertThat(book.revision()).isEqualTo(4);
    }

    private static Alert alert(int version, long second) {
        return Alert.newBuilder()
                .setModel("bot")
                .setVersion(version)
                .setSeverity(Severity.WARNING)
                .setCode("FORGETTING")
                .setMessage("why")
                .setAt(Instant.EPOCH.plusSeconds(second))
                .build();
    }
}
