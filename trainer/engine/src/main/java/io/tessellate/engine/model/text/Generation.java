package io.tessellate.engine.model.text;

import io.tessellate.engine.model.pass.KeyValueCache;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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
        int longest = prompts.stream().mapToInt(Prompt::length).max().orElseThrow();
        int capacity = Math.min(model.config().maxPositions(), longest + most);
        return run(new ContinuedPasses.AtOnce(model, weights), prompts, capacity);
    }

    /** The same by other passes, in a cache of so many tokens. */
    List<int[]> run(ContinuedPasses passes, List<Prompt> prompts, int capacity) {
        List<Continuation> wanted = prompts.stream()
                .map(prompt -> Continuation.of(this, prompt, capacity))
                .toList();
        List<Continuation> all = new ArrayList<>(wanted);
        while (all.size() < passes.least()) {
            all.add(Continuation.idle(this, prompts.get(0), capacity));
        }
        try (KeyValueCache cache = new KeyValueCache(model.backend(), model.config(), all.size(), capacity)) {
            Run run = new Run(passes, all, cache);
            run.takeAll(run.all());
            while (run.goesOn()) {
                run.leaveEnded();
                run.takeAll(run.next());
            }
            return wanted.stream().map(Continuation::tokens).toList();
        }
    }

    /** The continuations of one batch of prompts, one for each sequence that the cache holds. */
    private final class Run {
        private final ContinuedPasses passes;
        private final KeyValueCache cache;
        private List<Continuation> continuations;

        Run(ContinuedPasses passes, List<Continuation> continuations, KeyValueCache cache) {
            this.passes = passes;
            this.cache = cache;
            this.continuations = continuations;
        }

        boolean goesOn() {
            return continuations.stream().anyMatch(Continuation::goesOn);
        }

        /** Goes on without those that have ended, once they are half of what goes through the model; some stay as idle rows. */
        void leaveEnded() {
            int size = continuations.size();
            int going =
                    (int) continuations.stream().filter(Continuation::goesOn).count();
            int left = Math.max(going, passes.least());
            if (2 * left <= size) {
                int[] places = IntStream.concat(
                                IntStream.range(0, size)
                                        .filter(b -> continuations.get(b).goesOn()),
                                IntStream.range(0, size)
                                        .filter(b -> !continuations.get(b).goesOn())
                                        .limit(left - going))
                        .sorted()
                        .toArray();
                continuations =
                        IntStream.of(places).mapToObj(continuations::get).toList();
                // The newest token of each is not held yet: as many are as its place says.
                cache.retain(
                        places,
                        continuations.stream().mapToInt(Continuation::position).toArray());
            }
        }

        void takeAll(float[] logits) {
            for (int b = 0; b < continuations.size(); b++) {
                continuations.get(b).take(logits, b * model.config().vocabulary());
            }
        }

        /** Logits after whole sequences, of which nothing need be kept yet. */
        float[] all() {
            return passes.all(continuations.stream().map(Continuation::whole).toList(), cache);
        }

        /** Logits after one more token each; a continuation that has ended repeats its last. */
        float[] next() {
            if (continuations.stream().anyMatch(Continuation::outgrows)) {
                return all();
            }
            int[] ids = continuations.stream().mapToInt(Continuation::last).toArray();
            int[] positions =
                    continuations.stream().mapToInt(Continuation::position).toArray();
            return passes.next(ids, positions, cache);
        }
    }
}
