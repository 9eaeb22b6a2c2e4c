package io.tessellate.engine.tokenizer;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Function;
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
                    ErrorCode.MALFORMED_FILE,
                    "%s is no tokenizer that can be read: its kind may be unknown, or a part of it missing"
                            .formatted(file),
                    e);
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

    /** The tokens of one text, and what became of it. */
    public Tokenized tokenize(String text) {
        return tokenized(tokenizer.encode(text));
    }

    /** The tokens of a pair of texts, and what became of it. */
    public Tokenized tokenize(String text, String pair) {
        return tokenized(tokenizer.encode(text, pair));
    }

    /** The tokens of a text alone, without those that the tokenizer puts around one. */
    public int[] bare(String text) {
        return ints(tokenizer.encode(text, false, false).getIds());
    }

    /** The tokens of a text that holds all special tokens already, as a chat template writes it: none is put around it. */
    public Tokenized framed(String text) {
        Encoding encoding = tokenizer.encode(text, false, false);
        return new Tokenized(sequence(encoding), 0, encoding.exceedMaxLength());
    }

    /** The text of some tokens, special ones included. */
    public String decodeAll(int... ids) {
        return tokenizer.decode(IntStream.of(ids).asLongStream().toArray(), false);
    }

    /** The text of some tokens, special ones left out. */
    public String decode(int... ids) {
        return tokenizer.decode(IntStream.of(ids).asLongStream().toArray(), true);
    }

    /**
     * The text of some tokens as they stand behind others: a word's beginning, a space or a letter's second byte may look
     * otherwise at the beginning of a text.
     */
    public String decodeBehind(int[] before, int... ids) {
        return behind(this::decode, before, ids);
    }

    /** The same with special tokens. */
    public String decodeAllBehind(int[] before, int... ids) {
        return behind(this::decodeAll, before, ids);
    }

    private static String behind(Function<int[], String> decode, int[] before, int... ids) {
        String start = decode.apply(before);
        String all = decode.apply(
                IntStream.concat(IntStream.of(before), IntStream.of(ids)).toArray());
        return all.startsWith(start) ? all.substring(start.length()) : decode.apply(ids);
    }

    private static Tokenized tokenized(Encoding encoding) {
        long[] special = encoding.getSpecialTokenMask();
        int leading = 0;
        while (leading < special.length && special[leading] == 1) {
            leading++;
        }
        int trailing = 0;
        while (leading + trailing < special.length && special[special.length - 1 - trailing] == 1) {
            trailing++;
        }
        return new Tokenized(sequence(encoding), trailing, encoding.exceedMaxLength());
    }

    private static TokenSequence sequence(Encoding encoding) {
        if (encoding.getIds().length == 0) {
            throw new TessellateException(
                    ErrorCode.NOTHING_TO_LEARN,
                    "the model's tokenizer makes no token of a text: it is empty, or holds nothing that the tokenizer keeps");
        }
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
