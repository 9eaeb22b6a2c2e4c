package io.tessellate.ingest.attempt;

import io.tessellate.dataset.record.ExampleReader;
import java.time.Duration;

/**
 * What can be set about ingest.
 *
 * @param idleTime a closed manifest without a number of records closes its dataset when none came for this long
 * @param patience a dataset whose announced records do not come is refused when none came for this long
 * @param reportInterval how often the counts of a filling dataset are published
 * @param textLimit longest text in characters
 */
public record IngestSettings(Duration idleTime, Duration patience, Duration reportInterval, int textLimit) {
    /** What holds unless configured. */
    public static final IngestSettings DEFAULT = new IngestSettings(
            Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(5), ExampleReader.DEFAULT_TEXT_LIMIT);

    public IngestSettings {
        requirePositive("idle time", idleTime);
        requirePositive("patience", patience);
        requirePositive("report interval", reportInterval);
        if (textLimit < 1) {
            throw new IllegalArgumentException("text limit must be at least 1: " + textLimit);
        }
    }

    private static void requirePositive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException("%s must be positive: %s".formatted(name, value));
        }
    }
}
