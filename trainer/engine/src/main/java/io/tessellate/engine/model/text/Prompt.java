package io.tessellate.engine.model.text;

import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.id.Sha256;

/**
 * What a language model continues.
 *
 * @param tokens at least one
 * @param identity what its draws follow from, beside the seed: prompts of equal identity draw alike, wherever they stand
 */
public record Prompt(TokenSequence tokens, Sha256 identity) {
    int length() {
        return tokens.length();
    }
}
