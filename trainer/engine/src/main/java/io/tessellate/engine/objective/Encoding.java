package io.tessellate.engine.objective;

import io.tessellate.dataset.Example;
import io.tessellate.dataset.Label;
import io.tessellate.dataset.Question;
import io.tessellate.engine.data.Continuations;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.data.FittedSplit;
import io.tessellate.engine.data.Truncation;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.files.EndTokens;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.tokenizer.Tokenized;
import io.tessellate.engine.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Turns examples into what the model sees. A task is always encoded with the length of its own recipe. */
public final class Encoding implements AutoCloseable {
    private final Tokenizer tokenizer;
    private final Set<Integer> ends;
    private final int most;

    private Encoding(Tokenizer tokenizer, Set<Integer> ends, int most) {
        this.tokenizer = tokenizer;
        this.ends = ends;
        this.most = most;
    }

    /**
     * The encoding of one recipe.
     *
     * @param tokenizerFile the base model's tokenizer
     */
    public static Encoding of(Path tokenizerFile, ModelConfig config, Recipe recipe) {
        int most = Math.min(recipe.maxLength(), config.maxPositions());
        return new Encoding(
                Tokenizer.load(tokenizerFile, most),
                EndTokens.of(tokenizerFile.toAbsolutePath().getParent()),
                most);
    }

    /** The examples of which something is left, and what became of the others. */
    public FittedSplit fit(TrainingObjective objective, List<Example> examples) {
        return FittedSplit.of(encode(objective, examples), most);
    }

    /** All examples in their order. */
    public List<EncodedExample> encode(TrainingObjective objective, List<Example> examples) {
        return examples.stream().map(example -> objective.encode(example, this)).toList();
    }

    Tokenizer tokenizer() {
        return tokenizer;
    }

    /** A completion of its prompt, or several of which one is right; closed by the first of the model's end tokens, unless there is no room. */
    EncodedExample completion(Example example) {
        Label label = example.label();
        if (label instanceof Label.Reply reply) {
            return reply(example.prompt(), reply);
        }
        List<String> choices = label.choices();
        if (choices.isEmpty()) {
            return closed(continuations().of(example.prompt(), label.completion()), EncodedExample.Rivals.NONE);
        }
        List<EncodedExample> rivals = choices.stream()
                .map(choice -> continuations().of(example.prompt(), apart(example.prompt(), choice)))
                .toList();
        int right = label.classIndex();
        boolean cut = rivals.stream().anyMatch(rival -> rival.truncation() != Truncation.WHOLE);
        EncodedExample open = rivals.get(right);
        return closed(
                cut && open.truncation() == Truncation.WHOLE ? open.shortened() : open,
                new EncodedExample.Rivals(rivals, right));
    }

    /**
     * A prompt that something is to follow, cut as {@link #completion} cuts it, or with the choices that could. Nothing can follow
     * one that is cut off itself.
     */
    EncodedExample asked(Question question) {
        Tokenized given = question.framed() ? tokenizer.framed(question.text()) : tokenizer.tokenize(question.text());
        int[] ids = given.open();
        boolean room = !given.cut() && ids.length > 0;
        List<EncodedExample> rivals = question.choices().stream()
                .map(choice -> continuations().of(question.text(), apart(question.text(), choice)))
                .toList();
        return new EncodedExample(
                List.of(room ? new TokenSequence(ids, new int[ids.length]) : given.tokens()),
                ids.length,
                "",
                rivals.isEmpty() ? EncodedExample.Rivals.NONE : new EncodedExample.Rivals(rivals, 0),
                room ? Truncation.WHOLE : Truncation.NOTHING);
    }

    /** A question as the model sees it. */
    public EncodedExample encode(TrainingObjective objective, Question question) {
        return objective.encode(question, this);
    }

    /** Tokens of the longest sequence it makes. */
    public int longest() {
        return most;
    }

    /**
     * What the assistant says behind a conversation. What the template writes behind the model's end token, such as a line end, no
     * model that stops there is asked for; where it writes none, the first of them is put there.
     */
    private EncodedExample reply(String prompt, Label.Reply reply) {
        EncodedExample open = continuations().framed(prompt, reply.text());
        int[] ids = open.sequences().get(0).ids();
        int last = ids.length - 1;
        while (last >= (int) open.target() && !ends.contains(ids[last])) {
            last--;
        }
        boolean ended = last >= (int) open.target()
                && tokenizer
                        .decode(Arrays.copyOfRange(ids, last + 1, ids.length))
                        .isBlank();
        int[] kept = ended ? Arrays.copyOf(ids, last + 1) : ids;
        EncodedExample whole = new EncodedExample(
                List.of(new TokenSequence(kept, new int[kept.length])),
                open.target(),
                reply.said(),
                EncodedExample.Rivals.NONE,
                ended ? Truncation.WHOLE : open.truncation());
        return ended ? whole : closed(whole, EncodedExample.Rivals.NONE);
    }

    /** A choice follows its prompt after a space, unless white space is there already. */
    private static String apart(String prompt, String choice) {
        boolean spaced = prompt.isEmpty()
                || Character.isWhitespace(prompt.charAt(prompt.length() - 1))
                || Character.isWhitespace(choice.charAt(0));
        return spaced ? choice : " " + choice;
    }

    private Continuations continuations() {
        return new Continuations(tokenizer, most);
    }

    private EncodedExample closed(EncodedExample open, EncodedExample.Rivals rivals) {
        int[] ids = open.sequences().get(0).ids();
        int length = ids.length;
        if (!ends.isEmpty() && length < most && !ends.contains(ids[length - 1])) {
            ids = Arrays.copyOf(ids, length + 1);
            ids[length] = ends.iterator().next();
        }
        TokenSequence tokens = new TokenSequence(ids, new int[ids.length]);
        return new EncodedExample(List.of(tokens), open.target(), open.reference(), rivals, open.truncation());
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
