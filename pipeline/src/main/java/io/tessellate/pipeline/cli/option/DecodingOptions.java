package io.tessellate.pipeline.cli.option;

import io.tessellate.event.Decoding;
import io.tessellate.event.TaskManifest;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags that say how generated texts are decoded when they are scored; each overrules the manifest. */
public final class DecodingOptions {
    @Option(
            names = "--temperature",
            paramLabel = "N",
            description = "Generated texts: draw tokens at this temperature when scoring; 0: the likeliest (default).")
    private @Nullable Double temperature;

    @Option(names = "--top-k", paramLabel = "N", description = "Draw among the so many likeliest tokens; 0: all.")
    private @Nullable Integer topK;

    @Option(
            names = "--top-p",
            paramLabel = "N",
            description = "Draw among the fewest likeliest tokens that have this probability together.")
    private @Nullable Double topP;

    @Option(names = "--decoding-seed", paramLabel = "N", description = "Seed of the draws.")
    private @Nullable Long seed;

    @Option(
            names = "--max-new-tokens",
            paramLabel = "N",
            description = "Most tokens of a text (default: as the longest completion wanted, and 16 more).")
    private @Nullable Integer maxNewTokens;

    /** Puts the given flags on top of what the manifest says. */
    public void over(TaskManifest.Builder manifest) {
        if (Stream.of(temperature, topK, topP, seed, maxNewTokens).allMatch(given -> given == null)) {
            return;
        }
        Decoding known = manifest.getDecoding() == null ? new Decoding() : manifest.getDecoding();
        manifest.setDecoding(new Decoding(
                first(temperature, known.getTemperature()),
                first(topK, known.getTopK()),
                first(topP, known.getTopP()),
                first(seed, known.getSeed()),
                first(maxNewTokens, known.getMaxNewTokens())));
    }

    private static <T> @Nullable T first(@Nullable T flag, @Nullable T known) {
        return flag == null ? known : flag;
    }
}
