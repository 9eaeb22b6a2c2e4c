package io.tessellate.engine.model.text;

import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.id.Sha256;
import java.nio.ByteBuffer;
import java.util.stream.IntStream;

/**
 * What a language model continues.
 *
 * @param tokens at least one
 * @param identity what its draws follow from, beside the seed: prompts of equal identity draw alike, wherever they stand
 */
public record Prompt(TokenSequence tokens, Sha256 identity) {
    /** A prompt that is known by its tokens alone. */
    public static Prompt of(int... ids) {
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * ids.length);
        IntStream.of(ids).forEach(bytes::putInt);
        return new Prompt(new TokenSequence(ids, new int[ids.length]), Sha256.of(bytes.array()));
    }

    int length() {
        return tokens.length();
    }
}
