package io.tessellate.engine.tokenizer;

import io.tessellate.engine.model.batch.TokenSequence;
import java.util.Arrays;

/**
 * A text as tokens.
 *
 * @param tokens with those that the tokenizer puts around a text
 * @param trailing how many of these stand at the end
 * @param cut whether the text was longer than the maximum
 */
public record Tokenized(TokenSequence tokens, int trailing, boolean cut) {
    /** All tokens but those put at the end. */
    public int[] open() {
        return Arrays.copyOf(tokens.ids(), tokens.length() - trailing);
    }

    /** The tokens put at the end. */
    public int[] end() {
        int[] ids = tokens.ids();
        return Arrays.copyOfRange(ids, ids.length - trailing, ids.length);
    }
}
