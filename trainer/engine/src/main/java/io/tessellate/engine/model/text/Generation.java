package io.tessellate.engine.model.text;

import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.model.pass.KeyValueCache;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Lets a language model continue prompts, several at a time. The keys and values of all tokens so far are kept, so that each
 * new token costs one pass over one token. Whenever half of the texts have ended, the others go on without them.
 *
 * @param model whose memory is used
 * @param sampling how tokens are chosen
 * @param most new tokens per prompt at most
 * @param stops token ids that end a continuation; they are not part of it
 */
public record Generation(LanguageModel model, Sampling sampling, int most, Set<Integer> stops) {
    /** Copies the set and checks that there is something to do. */
    public Generation {
        stops = Set.copyOf(stops);
        if (most < 1) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT, "at least one new token must be allowed, not " + most);
        }
    }

    /**
     * The tokens that follow each prompt, up to a stop, the most allowed, or the end of the model's positions.
     *
     * @param prompts in any order: what is drawn for one does not depend on the others
     */
    public List<int[]> run(Weights weights, List<Prompt> prompts) {
        Batch batch = Batch.of(prompts.stream().map(Prompt::tokens).toList(), model.config());
        int longest = prompts.stream().mapToInt(Prompt::length).max().orElseThrow();
        int capacity = Math.min(model.config().maxPositions(), longest + most);
        try (KeyValueCache cache = new KeyValueCache(model.backend(), model.config(), prompts.size(), capacity)) {
            List<Continuation> all = prompts.stream()
                    .map(prompt -> new Continuation(prompt, capacity))
                    .toList();
            Run run = new Run(weights, all, cache);
            run.takeAll(run.all(batch));
            while (run.goesOn()) {
                run.leaveEnded();
                run.takeAll(run.next());
            }
            return all.stream().map(Continuation::tokens).toList();
        }
    }

    /** The continuations of one batch of prompts, one for each sequence that the cache holds. */
    private final class Run {
        private final Weights weights;
        private final KeyValueCache cache;
        private List<Continuation> continuations;

        Run(Weights weights, List<Continuation> continuations, KeyValueCache cache) {
            this.weights = weights;
            this.cache = cache;
            this.continuations = continuations;
        }

        boolean goesOn() {
            return continuations.stream().anyMatch(Continuation::goesOn);
        }

        /** Goes on without those that have ended, once they are half of what goes through the model. */
        void leaveEnded() {
            int[] left = IntStream.range(0, continuations.size())
                    .filter(b -> continuations.get(b).goesOn())
                    .toArray();
            if (2 * left.length <= continuations.size()) {
                continuations = IntStream.of(left).mapToObj(continuations::get).toList();
                // The newest token of each is not held yet: as many are as its place says.
                cache.retain(
                        left,
                        continuations.stream().mapToInt(Continuation::position).toArray());
            }
        }

        void takeAll(float[] logits) {
            for (int b = 0; b < continuations.size(); b++) {
                continuations.get(b).take(logits, b);
            }
        }

        /** Logits after whole sequences, of which nothing need be kept yet. */
        float[] all(Batch batch) {
            int[] last = IntStream.range(0, batch.size())
                    .map(b -> batch.row(b, batch.length(b) - 1))
                    .toArray();
            return model.encoder().evaluatePrompts(weights, batch, cache, hidden -> logits(hidden, last));
        }

        /** Logits after one more token each; a continuation that has ended repeats its last. */
        float[] next() {
            if (continuations.stream().anyMatch(Continuation::outgrows)) {
                List<TokenSequence> whole =
                        continuations.stream().map(Continuation::whole).toList();
                return all(Batch.of(whole, model.config()));
            }
            int[] ids = continuations.stream().mapToInt(Continuation::last).toArray();
            int[] positions =
                    continuations.stream().mapToInt(Continuation::position).toArray();
            int[] rows = IntStream.range(0, ids.length).toArray();
            return model.encoder().evaluateNext(weights, ids, positions, cache, hidden -> logits(hidden, rows));
        }

        private float[] logits(Matrix hidden, int[] rows) {
            return model.head().logits(weights.parts(model.config()), hidden, rows);
        }
    }

    /** What follows one prompt. */
    private final class Continuation {
        private final TokenSequence start;
        private final int prompt;
        private final int capacity;
        private final RandomGenerator random;
        private final List<Integer> tokens = new ArrayList<>();
        private boolean stopped;

        Continuation(Prompt prompt, int capacity) {
            this.start = prompt.tokens();
            this.prompt = prompt.length();
            this.capacity = capacity;
            this.random = sampling.draws(prompt.identity());
        }

        boolean goesOn() {
            return !stopped && tokens.size() < most && prompt + tokens.size() < capacity;
        }

        void take(float[] logits, int sequence) {
            if (!goesOn()) {
                return;
            }
            int vocabulary = model.config().vocabulary();
            int token = sampling.choose(logits, sequence * vocabulary, vocabulary, random);
            stopped = stops.contains(token);
            if (!stopped) {
                tokens.add(token);
            }
        }

        /** Whether the newest token makes a sequence of it to which what is kept of the shorter one does not belong. */
        boolean outgrows() {
            return goesOn()
                    && position() == model.config().architecture().positions().lastingTo();
        }

        /** The prompt and what follows it so far. */
        TokenSequence whole() {
            int length = prompt + tokens.size();
            int[] ids = Arrays.copyOf(start.ids(), length);
            for (int t = 0; t < tokens.size(); t++) {
                ids[prompt + t] = tokens.get(t);
            }
            return new TokenSequence(ids, Arrays.copyOf(start.types(), length));
        }

        /** The newest token; any, if there is none. */
        int last() {
            return tokens.isEmpty() ? 0 : tokens.get(tokens.size() - 1);
        }

        /** Where it stands. */
        int position() {
            return Math.min(capacity - 1, prompt + Math.max(0, tokens.size() - 1));
        }

        int[] tokens() {
            return tokens.stream().mapToInt(Integer::intValue).toArray();
        }
    }
}
