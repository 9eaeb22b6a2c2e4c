package io.tessellate.engine.model.text;

import io.tessellate.engine.model.batch.TokenSequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** What follows one prompt, while it is made. */
final class Continuation {
    private final Generation generation;
    private final TokenSequence start;
    private final int prompt;
    private final int capacity;
    private final RandomGenerator random;
    private final List<Integer> tokens = new ArrayList<>();
    private boolean stopped;

    private Continuation(Generation generation, Prompt prompt, int length, int capacity) {
        this.generation = generation;
        this.start = prompt.tokens();
        this.prompt = length;
        this.capacity = capacity;
        this.random = generation.sampling().draws(prompt.identity());
    }

    /** What follows a prompt, in a cache of so many tokens. */
    static Continuation of(Generation generation, Prompt prompt, int capacity) {
        return new Continuation(generation, prompt, prompt.length(), capacity);
    }

    /** One that has ended before anything: it stands at the first position and sees itself alone. */
    static Continuation idle(Generation generation, Prompt any, int capacity) {
        Continuation idle = new Continuation(generation, any, 0, capacity);
        idle.stopped = true;
        return idle;
    }

    boolean goesOn() {
        return !stopped && tokens.size() < generation.most() && prompt + tokens.size() < capacity;
    }

    /** Chooses the next token from the logits from {@code from} on. */
    void take(float[] logits, int from) {
        if (!goesOn()) {
            return;
        }
        int vocabulary = generation.model().config().vocabulary();
        int token = generation.sampling().choose(logits, from, vocabulary, random);
        stopped = generation.stops().contains(token);
        if (!stopped) {
            tokens.add(token);
        }
    }

    /** Whether the newest token makes a sequence of it to which what is kept of the shorter one does not belong. */
    boolean outgrows() {
        return goesOn()
                && position()
                        == generation
                                .model()
                                .config()
                                .architecture()
                                .positions()
                                .lastingTo();
    }

    /** The prompt and what follows it so far. */
    TokenSequence whole() {
        int length = Math.max(1, prompt + tokens.size());
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
