package io.tessellate.pipeline.demo.base;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.pretrain.MaskedLanguageModel;
import io.tessellate.engine.pretrain.PretrainingListener;
import io.tessellate.engine.pretrain.PretrainingPlan;
import io.tessellate.engine.tokenizer.WordTokenizer;
import io.tessellate.id.Sha256;
import io.tessellate.pipeline.demo.data.DemoCorpus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the demo's base model: a small BERT that has read the generated language and seen no label. */
public final class DemoBasePretraining {
    private static final int PASSAGES = 40_000;
    private static final int BATCH = 32;
    private static final double LEARNING_RATE = 1.5e-3;
    private static final long SEED = 2026;

    private final List<String> words = DemoCorpus.vocabulary();
    private final Map<String, Integer> ids = new HashMap<>();

    private DemoBasePretraining() {
        for (int i = 0; i < words.size(); i++) {
            ids.put(words.get(i), WordTokenizer.FIRST_WORD + i);
        }
    }

    /**
     * Trains the model and writes it as a Hugging Face directory.
     *
     * @param steps optimiser steps
     * @return digest of its weight file
     */
    public static Sha256 make(Path directory, int steps, PretrainingListener listener) {
        return new DemoBasePretraining().run(directory, steps, listener);
    }

    private Sha256 run(Path directory, int steps, PretrainingListener listener) {
        WordTokenizer tokenizer = new WordTokenizer(words);
        ModelConfig config =
                new ModelConfig(ModelConfig.BERT, tokenizer.size(), 128, 2, 4, 512, 64, 2, 1e-12f, WordTokenizer.PAD);
        PretrainingPlan plan = new PretrainingPlan(
                config, WordTokenizer.MASK, WordTokenizer.FIRST_WORD, steps, BATCH, LEARNING_RATE, SEED);
        Backend backend = Backends.open(Backends.HOST);
        try (MaskedLanguageModel model = new MaskedLanguageModel(backend, plan)) {
            model.train(corpus(), listener);
            return model.write(directory, tokenizer.toJson());
        }
    }

    private List<TokenSequence> corpus() {
        DemoCorpus corpus = new DemoCorpus(SEED);
        List<TokenSequence> sequences = new ArrayList<>(PASSAGES);
        for (int i = 0; i < PASSAGES; i++) {
            DemoCorpus.Passage passage = corpus.next();
            sequences.add(sequence(passage.text(), passage.textPair()));
        }
        return sequences;
    }

    private TokenSequence sequence(String text, @Nullable String textPair) {
        List<Integer> tokens = new ArrayList<>();
        tokens.add(WordTokenizer.CLS);
        append(tokens, text);
        int first = tokens.size();
        if (textPair != null) {
            append(tokens, textPair);
        }
        int[] types = new int[tokens.size()];
        for (int i = first; i < types.length; i++) {
            types[i] = 1;
        }
        return new TokenSequence(tokens.stream().mapToInt(Integer::intValue).toArray(), types);
    }

    private void append(List<Integer> tokens, String text) {
        for (String word : text.split(" ")) {
            tokens.add(ids.get(word));
        }
        tokens.add(WordTokenizer.SEP);
    }
}
