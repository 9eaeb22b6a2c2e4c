package io.tessellate.engine.tokenizer;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.tessellate.engine.model.TokenSequence;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A Hugging Face tokenizer read from a local file. Texts longer than the maximum are cut, the longer of a pair first.
 * Encoding is safe from several threads; closing is not, while another encodes.
 */
public final class Tokenizer implements AutoCloseable {
    static {
        if (System.getProperty("ai.djl.offline") == null) {
            System.setProperty("ai.djl.offline", "true");
        }
    }

    private final HuggingFaceTokenizer tokenizer;

    private Tokenizer(HuggingFaceTokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /**
     * Reads a tokenizer.
     *
     * @param file a {@code tokenizer.json}
     * @param maxTokens longest result, special tokens included
     */
    public static Tokenizer load(Path file, int maxTokens) {
        if (!Files.isRegularFile(file)) {
            throw new TessellateException(ErrorCode.STORAGE, file + " does not exist");
        }
        try {
            return new Tokenizer(HuggingFaceTokenizer.builder()
                    .optTokenizerPath(file)
                    .optAddSpecialTokens(true)
                    .optTruncation(true)
                    .optMaxLength(maxTokens)
                    .optPadding(false)
                    .build());
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.STORAGE, file + " cannot be read", e);
        } catch (RuntimeException e) {
            throw new TessellateException(
                    ErrorCode.MALFORMED_FILE, file + " is no tokenizer that this version can read", e);
        }
    }

    /** The tokens of one text. */
    public TokenSequence encode(String text) {
        return sequence(tokenizer.encode(text));
    }

    /** The tokens of a pair of texts. */
    public TokenSequence encode(String text, String pair) {
        return sequence(tokenizer.encode(text, pair));
    }

    /** The text of some tokens, special ones left out. */
    public String decode(int... ids) {
        return tokenizer.decode(IntStream.of(ids).asLongStream().toArray(), true);
    }

    private static TokenSequence sequence(Encoding encoding) {
        return new TokenSequence(ints(encoding.getIds()), ints(encoding.getTypeIds()));
    }

    private static int[] ints(long[] values) {
        return Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
