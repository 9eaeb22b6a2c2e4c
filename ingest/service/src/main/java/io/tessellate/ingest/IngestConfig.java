package io.tessellate.ingest;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.tessellate.ingest.attempt.IngestSettings;
import java.time.Duration;

/** Configuration of ingest: keys below {@code tessellate.ingest}. */
@ConfigMapping(prefix = "tessellate.ingest")
public interface IngestConfig {
    /** After how long without a record a dataset closes whose manifest names no number of records. */
    @WithDefault("10s")
    Duration idleTime();

    /** After how long without a record a dataset is refused that lacks some of the announced ones. */
    @WithDefault("60s")
    Duration patience();

    /** How often the counts of a filling dataset are published. */
    @WithDefault("5s")
    Duration reportInterval();

    /** Longest text of an example, in characters. */
    @WithDefault("20000")
    int textLimit();

    /** The same as a value. */
    default IngestSettings settings() {
        return new IngestSettings(idleTime(), patience(), reportInterval(), textLimit());
    }
}
