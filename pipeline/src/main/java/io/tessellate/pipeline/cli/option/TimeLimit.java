package io.tessellate.pipeline.cli.option;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option of every command that waits for something. */
public final class TimeLimit {
    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            description = "Give up after this time, such as 90s or 10m, with exit code 1. What was asked for goes on.")
    private @Nullable Duration limit;

    @Nullable
    public Duration limit() {
        return limit;
    }
}
