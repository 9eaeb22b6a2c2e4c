package io.tessellate.evaluator.live;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Configuration of live scores: keys below {@code tessellate.live}. */
@ConfigMapping(prefix = "tessellate.live")
public interface LiveConfig {
    /** How long an id that was answered, or whose label came, is kept. */
    @WithDefault("7d")
    Duration keep();

    /** Most ids that are kept of one task. */
    @WithDefault("100000")
    int mostIds();

    /** Of how many newest answers with their labels a score is made. */
    @WithDefault("1000")
    int window();

    /** The same as a value. */
    default LiveSettings settings() {
        return new LiveSettings(keep(), mostIds(), window());
    }
}
