package io.tessellate.engine.data;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The examples of a split as far as a recipe's {@code maxLength} lets the model see them. Those of which nothing is left to
 * learn or to score are left out.
 *
 * @param examples that are left, in their order
 * @param kept their places in the split, from 0
 * @param shortened how many of them lost their end
 * @param cutOff how many are left out
 * @param maxLength longest sequence, in tokens
 */
public record FittedSplit(List<EncodedExample> examples, List<Integer> kept, int shortened, int cutOff, int maxLength) {
    /** Copies the lists. */
    public FittedSplit {
        examples = List.copyOf(examples);
        kept = List.copyOf(kept);
    }

    public static FittedSplit of(List<EncodedExample> all, int maxLength) {
        List<Integer> kept = IntStream.range(0, all.size())
                .filter(i -> all.get(i).truncation() != Truncation.NOTHING)
                .boxed()
                .toList();
        List<EncodedExample> examples = kept.stream().map(all::get).toList();
        int shortened = (int) examples.stream()
                .filter(example -> example.truncation() == Truncation.SHORTENED)
                .count();
        return new FittedSplit(examples, kept, shortened, all.size() - examples.size(), maxLength);
    }

    /** Whether {@code maxLength} took something from an example. */
    public boolean lost() {
        return shortened + cutOff > 0;
    }

    /** What {@code maxLength} took. */
    public String text() {
        String none = cutOff == 0 ? "" : " and leaves nothing of the completions of %d".formatted(cutOff);
        return "of %d examples maxLength %d shortens %d%s"
                .formatted(examples.size() + cutOff, maxLength, shortened, none);
    }

    /**
     * This split, if enough of it is left.
     *
     * @param what for the message
     * @param tolerance largest share of the examples that may be left out
     * @throws TessellateException NOTHING_TO_LEARN if none is left, or more are left out
     */
    public FittedSplit require(String what, double tolerance) {
        int all = examples.size() + cutOff;
        if (cutOff > 0 && (examples.isEmpty() || cutOff > tolerance * all)) {
            throw new TessellateException(
                    ErrorCode.NOTHING_TO_LEARN,
                    "%s: %s; tolerated is a share of %s".formatted(what, text(), tolerance));
        }
        return this;
    }
}
