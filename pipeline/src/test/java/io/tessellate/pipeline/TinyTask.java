package io.tessellate.pipeline;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tessellate.engine.model.fixture.TinyBase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A task of two classes: which of two words a sentence holds. */
record TinyTask(String zero, String one, int trainSize, int evalSize, long seed) {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int LENGTH = 5;

    record Sentence(String id, String text, int label) {}

    List<Sentence> train() {
        return sentences("train", trainSize, new Random(seed));
    }

    List<Sentence> eval() {
        return sentences("eval", evalSize, new Random(seed + 1));
    }

    /** Writes the files that {@code push} reads. */
    Path write(Path directory) throws IOException {
        Files.createDirectories(directory);
        lines(directory.resolve("train.jsonl"), train());
        lines(directory.resolve("eval.jsonl"), eval());
        Map<String, Object> meta =
                Map.of("task", "classification", "labels", List.of(zero, one), "metric", "accuracy", "licence", "none");
        Files.writeString(directory.resolve("meta.json"), JSON.writeValueAsString(meta));
        return directory;
    }

    private static void lines(Path file, List<Sentence> sentences) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Sentence sentence : sentences) {
            lines.add(JSON.writeValueAsString(sentence));
        }
        Files.write(file, lines);
    }

    private List<Sentence> sentences(String split, int count, Random random) {
        List<String> others = TinyBase.WORDS.stream()
                .filter(word -> !word.equals(zero) && !word.equals(one))
                .toList();
        List<Sentence> sentences = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int label = i % 2;
            List<String> words = new ArrayList<>();
            for (int w = 0; w < LENGTH; w++) {
                words.add(others.get(random.nextInt(others.size())));
            }
            words.set(random.nextInt(LENGTH), label == 0 ? zero : one);
            sentences.add(new Sentence("%s-%d".formatted(split, i), String.join(" ", words), label));
        }
        return sentences;
    }
}
