package io.tessellate.dataset.manifest;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import org.jspecify.annotations.Nullable;

/**
 * How a task's texts are decoded when it is scored. What is not given has its usual value.
 *
 * @param temperature logits are divided by it before a token is drawn; 0: always the likeliest token
 * @param topK draws among the so many likeliest tokens; 0: among all
 * @param topP draws among the fewest likeliest tokens that have this probability together, in (0, 1]
 * @param seed of the draws
 * @param maxNewTokens most tokens of a text; null: as the wanted completions need
 */
public record Decoding(
        double temperature,
        int topK,
        double topP,
        long seed,
        @Nullable Integer maxNewTokens) {
    /** Always the likeliest token, as many as the wanted completions need. */
    public static final Decoding GREEDY = new Decoding(0, 0, 1, 0, null);

    /** Checks every number; INVALID_MANIFEST with all that break their rule. */
    public Decoding {
        var found = new Problems(ErrorCode.INVALID_MANIFEST);
        found.atLeast("decoding.temperature", temperature, 0);
        found.check(topK >= 0, "decoding.topK must be at least 0: %s", topK);
        found.check(topP > 0 && topP <= 1, "decoding.topP must be above 0 and at most 1: %s", topP);
        found.check(
                maxNewTokens == null || maxNewTokens >= 1,
                "decoding.maxNewTokens must be at least 1: %s",
                maxNewTokens);
        if (!found.list().isEmpty()) {
            throw new TessellateException(ErrorCode.INVALID_MANIFEST, ManifestValidation.text(found.list()));
        }
    }

    /**
     * The decoding that some settings make. Without a temperature nothing is drawn, so that what says how to draw is then
     * refused rather than ignored.
     */
    public static Decoding of(
            @Nullable Double temperature,
            @Nullable Integer topK,
            @Nullable Double topP,
            @Nullable Long seed,
            @Nullable Integer maxNewTokens) {
        if (temperature == null && (topK != null || topP != null || seed != null)) {
            throw new TessellateException(
                    ErrorCode.INVALID_MANIFEST, "decoding.temperature must be given where topK, topP or seed is");
        }
        return new Decoding(
                temperature == null ? GREEDY.temperature : temperature,
                topK == null ? GREEDY.topK : topK,
                topP == null ? GREEDY.topP : topP,
                seed == null ? GREEDY.seed : seed,
                maxNewTokens);
    }
}
