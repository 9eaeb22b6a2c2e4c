package io.tessellate.evaluator.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.TessellateException;
import io.tessellate.event.Alert;
import io.tessellate.event.Severity;
import io.tessellate.id.ModelName;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.log.Author;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AlertBookTest {
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    private static final ModelName BOT = new ModelName("bot");
    private final AlertBook book = new AlertBook();

    @Test
    void alertsComeNewestFirstAndOnce() {
        RaisedAlert early = alert("early", NOW);
        RaisedAlert late = alert("late", NOW.plusSeconds(10));
        book.apply(late);
        book.apply(early);
        book.apply(alert("early", NOW.plusSeconds(50)));

        assertThat(book.alerts(NOW)).extracting(ListedAlert::alert).containsExactly(late, early);
        assertThat(book.raised(AlertKind.TRAINING, false)).isEqualTo(2);
    }

    @Test
    void onlyTheNewestAlertsAreKept() {
        for (int n = 1; n <= 600; n++) {
            book.apply(alert("n" + n, NOW.plusSeconds(n)));
        }

        assertThat(book.alerts(NOW)).hasSize(500);
        assertThat(book.alerts(NOW).get(0).alert().at()).isEqualTo(NOW.plusSeconds(600));
        assertThat(book.revision()).isEqualTo(600);
    }

    @Test
    void whoAcknowledgedFirstStaysWhicheverTopicIsReadFirst() {
        RaisedAlert alert = alert("x", NOW);
        tell(AlertUpdateCodec.acknowledged("1", alert.id(), new Author("ada", "mine"), NOW.plusSeconds(1)));
        tell(AlertUpdateCodec.acknowledged("2", alert.id(), new Author("bob", ""), NOW.plusSeconds(2)));
        book.apply(alert);

        ListedAlert listed = book.require(alert.id(), NOW);
        assertThat(listed.state()).isEqualTo("acknowledged");
        assertThat(listed.acknowledged().who()).isEqualTo("ada");
        assertThat(listed.acknowledged().why()).isEqualTo("mine");
        assertThatThrownBy(() -> book.require("alert_0", NOW))
                .isInstanceOf(TessellateException.class)
                .hasMessageContaining("alert_0");
    }

    @Test
    void aSilenceKeepsWhatItCoversForItsTimeAndWhatWasRaisedInItForEver() {
        Silence silence = silence(new Silence.Scope(BOT, new TaskName("tone"), null), Duration.ofHours(1));
        tell(AlertUpdateCodec.silenced(silence));
        RaisedAlert during = alert("during", NOW.plusSeconds(60)).about(new TaskName("tone"));
        RaisedAlert before = alert("before", NOW.minusSeconds(60)).about(new TaskName("tone"));
        RaisedAlert other = alert("other", NOW.plusSeconds(60)).about(new TaskName("news"));
        Instant within = NOW.plusSeconds(100);
        Instant after = NOW.plus(Duration.ofHours(2));

        assertThat(book.silence(during, within)).isPresent();
        assertThat(book.silence(before, within)).isPresent();
        assertThat(book.silence(other, within)).isEmpty();
        assertThat(book.silence(during, after)).isPresent();
        assertThat(book.silence(before, after)).isEmpty();
        assertThat(book.silences(within)).hasSize(1);
        assertThat(book.silences(after)).isEmpty();
    }

    @Test
    void aSilenceThatIsLiftedEndsThere() {
        Silence silence = silence(new Silence.Scope(null, null, AlertKind.TRAINING), Duration.ofHours(1));
        tell(AlertUpdateCodec.silenced(silence));
        tell(AlertUpdateCodec.lifted("2", silence.id(), new Author("ada", ""), NOW.plusSeconds(10)));

        assertThat(book.silence(alert("x", NOW.plusSeconds(20)), NOW.plusSeconds(20)))
                .isEmpty();
        assertThat(book.silence(alert("y", NOW.plusSeconds(5)), NOW.plusSeconds(20)))
                .isPresent();
        assertThatThrownBy(() -> book.requireSilence(silence.id(), NOW.plusSeconds(20)))
                .isInstanceOf(TessellateException.class);
    }

    @Test
    void silencesHaveATaskWithItsModelAndALengthThatTheirEventOutlives() {
        assertThatThrownBy(() -> new Silence.Scope(null, new TaskName("tone"), null))
                .hasMessageContaining("needs its model");
        assertThatThrownBy(() -> Silence.required(Duration.ZERO)).hasMessageContaining("longer than nothing");
        assertThatThrownBy(() -> Silence.required(Duration.ofDays(91))).hasMessageContaining("at most 90 days");
    }

    @Test
    void howASendingEndedIsKnownByEndpoint() {
        RaisedAlert alert = alert("x", NOW);
        book.apply(alert);
        tell(AlertUpdateCodec.delivery(
                "1",
                new Delivery(alert.id(), "ops", Delivery.Outcome.GIVEN_UP, 12, 503, "it answered 503", "{}", NOW)));

        assertThat(book.ended(alert.id(), "ops")).isTrue();
        assertThat(book.ended(alert.id(), "other")).isFalse();
        Delivery known = book.require(alert.id(), NOW).deliveries().get(0);
        assertThat(known.body()).isEqualTo("{}");
        assertThat(known.reason()).isEqualTo("it answered 503");
    }

    @Test
    void anAlertFromBeforeThereWereKindsIsKnownByItsCodeAndItsContent() {
        Alert old = Alert.newBuilder()
                .setModel("bot")
                .setVersion(2)
                .setSeverity(Severity.CRITICAL)
                .setCode("FORGETTING")
                .setMessage("why")
                .setAt(NOW)
                .build();

        RaisedAlert read = AlertCodec.alert(old);

        assertThat(read.kind()).isEqualTo(AlertKind.VERDICT);
        assertThat(read.id())
                .startsWith("alert_")
                .isEqualTo(AlertCodec.alert(old).id());
        assertThat(AlertCodec.alert(AlertCodec.event(read))).isEqualTo(read);
        assertThat(read.link()).isEqualTo("/#model=bot");
    }

    private Silence silence(Silence.Scope scope, Duration length) {
        return new Silence("silence_1", scope, NOW, NOW.plus(length), "ada", "mending");
    }

    private void tell(io.tessellate.event.AlertUpdate update) {
        AlertUpdateCodec.tell(update, book);
    }

    private static RaisedAlert alert(String cause, Instant at) {
        return RaisedAlert.of(AlertKind.TRAINING, false, BOT, "DIVERGED", cause, "it failed", at);
    }
}
