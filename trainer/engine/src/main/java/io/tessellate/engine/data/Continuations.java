package io.tessellate.engine.data;

import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.tokenizer.Tokenized;
import io.tessellate.engine.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Prompts with what follows them, as tokens of which each belongs to one of the two. Prompt and completion are one text, cut as
 * the model will see it, where that cut falls between them. Where a token would reach across, the prompt keeps the tokens it
 * has alone, which is all that a model which is to continue it gets to see, and the completion is cut apart: as it is cut
 * behind something else.
 *
 * @param tokenizer cuts at the longest length
 * @param most longest length, in tokens
 */
public record Continuations(Tokenizer tokenizer, int most) {
    /** What a completion is put behind to be cut apart; behind one of them nothing joins. */
    private static final List<String> ANCHORS = List.of("\n", "a", ".", "0", "\"", "Z", ";", "|");

    /** A prompt and a completion. */
    public EncodedExample of(String prompt, String text) {
        return of(tokenizer.tokenize(prompt), tokenizer.tokenize(prompt + text), text, tokenizer::decodeBehind);
    }

    /** A prompt and a reply that hold all special tokens already, as a chat template writes them. */
    public EncodedExample framed(String prompt, String text) {
        return of(tokenizer.framed(prompt), tokenizer.framed(prompt + text), text, tokenizer::decodeAllBehind);
    }

    private EncodedExample of(Tokenized given, Tokenized whole, String text, BiFunction<int[], int[], String> reading) {
        int[] own = given.open();
        int[] ids = whole.tokens().ids();
        if (given.cut()) {
            return example(given.tokens().ids(), given.tokens().length(), text, Truncation.NOTHING);
        }
        if (ids.length - whole.trailing() > own.length && Arrays.mismatch(own, ids) == own.length) {
            return example(ids, own.length, text, whole.cut() ? Truncation.SHORTENED : Truncation.WHOLE);
        }
        if (whole.cut() && Arrays.equals(own, whole.open())) {
            return example(ids, ids.length, text, Truncation.NOTHING);
        }
        return joined(own, apart(own, text, reading), whole.end(), text);
    }

    private EncodedExample joined(int[] own, int[] piece, int[] end, String text) {
        int room = Math.max(0, most - end.length - own.length);
        int[] fitting = Arrays.copyOf(piece, Math.min(room, piece.length));
        int[] ids = Stream.of(own, fitting, end).flatMapToInt(IntStream::of).toArray();
        return example(ids, own.length, text, Truncation.of(fitting.length, piece.length));
    }

    private static EncodedExample example(int[] ids, int prompt, String text, Truncation truncation) {
        return new EncodedExample(
                List.of(new TokenSequence(ids, new int[ids.length])),
                prompt,
                text,
                EncodedExample.Rivals.NONE,
                truncation);
    }

    /** The first way of cutting a text that reads as that text behind the prompt. */
    private int[] apart(int[] prompt, String text, BiFunction<int[], int[], String> reading) {
        List<int[]> ways = new ArrayList<>();
        ways.add(tokenizer.bare(text));
        for (String anchor : ANCHORS) {
            int[] before = tokenizer.bare(anchor);
            int[] all = tokenizer.bare(anchor + text);
            if (all.length > before.length && Arrays.mismatch(before, all) == before.length) {
                ways.add(Arrays.copyOfRange(all, before.length, all.length));
            }
        }
        return ways.stream()
                .filter(way -> reads(reading.apply(prompt, way), way, text))
                .findFirst()
                .orElse(ways.get(0));
    }

    /** A way that reached the longest length was cut, perhaps within a letter. */
    private boolean reads(String read, int[] way, String text) {
        return read.equals(text) || way.length >= most && text.startsWith(read.replace("\uFFFD", ""));
    }
}
