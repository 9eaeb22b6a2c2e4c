package io.tessellate.evaluator.alarm;

import io.tessellate.evaluator.alert.AlertKind;
import io.tessellate.evaluator.alert.RaisedAlert;
import io.tessellate.id.TaskName;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * The records of one task, or of none and one topic, that were put aside for one reason and not said yet. An alert stands for all of some time, so that a
 * thousand bad records are one alert and not a thousand.
 *
 * @param count how many since the last alert
 * @param since when the first of them came
 * @param raised when the last alert was; the epoch if there was none
 * @param reason of the newest of them
 */
public record DeadLetterTally(long count, Instant since, Instant raised, String reason) {
    /** So long further ones are waited for. */
    static final Duration GATHER = Duration.ofSeconds(10);
    /** The least time between two alerts of one owner and reason. */
    static final Duration APART = Duration.ofHours(1);

    private static final int LONGEST_REASON = 300;

    /** The first. */
    public static DeadLetterTally first(Instant at, String reason) {
        return new DeadLetterTally(1, at, Instant.EPOCH, shortened(reason));
    }

    private static String shortened(String reason) {
        return reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON) + "...";
    }

    /** With another one. */
    public DeadLetterTally another(Instant at, String why) {
        return new DeadLetterTally(count + 1, count == 0 ? at : since, raised, shortened(why));
    }

    /** Whether it is time for an alert. */
    public boolean due(Instant now) {
        return count > 0 && !now.isBefore(since.plus(GATHER)) && !now.isBefore(raised.plus(APART));
    }

    /** Whether nothing is lost by forgetting it. */
    public boolean idle(Instant now) {
        return count == 0 && now.isAfter(raised.plus(APART));
    }

    /** After an alert. */
    public DeadLetterTally said(Instant now) {
        return new DeadLetterTally(0, since, now, "");
    }

    /** The alert about them. */
    public RaisedAlert alert(LetterOwner owner, String code, Instant now) {
        String message = String.format(
                Locale.ROOT,
                "%,d record%s %s %s put aside as %s; the newest: %s",
                count,
                count == 1 ? "" : "s",
                owner.text(),
                count == 1 ? "was" : "were",
                code,
                reason);
        RaisedAlert alert = RaisedAlert.of(
                        AlertKind.DEAD_LETTERS,
                        false,
                        owner.model(),
                        code,
                        "%s\n%s\n%s".formatted(owner.written(), code, since),
                        message,
                        now)
                .numbers((double) count, null);
        TaskName task = owner.taskName();
        return task == null ? alert : alert.about(task);
    }

    /** As text, for a store. */
    public String written() {
        return "%d %d %d %s".formatted(count, since.toEpochMilli(), raised.toEpochMilli(), reason);
    }

    /** Reads {@link #written}. */
    public static DeadLetterTally read(String text) {
        String[] words = text.split(" ", 4);
        return new DeadLetterTally(
                Long.parseLong(words[0]),
                Instant.ofEpochMilli(Long.parseLong(words[1])),
                Instant.ofEpochMilli(Long.parseLong(words[2])),
                words[3]);
    }
}
