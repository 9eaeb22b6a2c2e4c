package io.tessellate.engine.train;

import io.tessellate.engine.metric.Metric;
import io.tessellate.engine.model.TokenSequence;
import io.tessellate.engine.stream.StreamTask;
import io.tessellate.id.TaskId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Seeded tasks over 64 words that a bag of words with fixed embeddings does not simply solve. */
public final class ToyTasks {
    private static final int WORDS = 60;

    private ToyTasks() {}

    /** Two classes: whether the first word's group equals the last word's, under a grouping of the task's own. */
    public static StreamTask agreement(String name, int seed, int examples) {
        return task(
                name,
                Objective.CLASSIFICATION,
                2,
                Metric.ACCURACY,
                seed,
                examples,
                (ids, group) -> group[ids[0]] == group[ids[ids.length - 1]] ? 1 : 0);
    }

    /** Three classes: the group of the second word, under a grouping of the task's own. */
    public static StreamTask lookup(String name, int seed, int examples) {
        return task(
                name, Objective.CLASSIFICATION, 3, Metric.ACCURACY, seed, examples, (ids, group) -> group[ids[1]] % 3);
    }

    /** A real value: how many words are of the first group. */
    public static StreamTask counting(String name, int seed, int examples) {
        return task(name, Objective.REGRESSION, 1, Metric.PEARSON, seed, examples, (ids, group) -> {
            int count = 0;
            for (int id : ids) {
                count += group[id] == 0 ? 1 : 0;
            }
            return count;
        });
    }

    /** Two to four choices after a common beginning: the right one ends with a word of the first group, no other does. */
    public static StreamTask choices(String name, int seed, int examples) {
        Random random = new Random(seed);
        int[] group = random.ints(WORDS + 4, 0, 6).toArray();
        List<EncodedExample> drawn = new ArrayList<>();
        for (int i = 0; i < examples + 100; i++) {
            int count = 2 + random.nextInt(3);
            int right = random.nextInt(count);
            int[] prompt = random.ints(3 + random.nextInt(3), 3, 3 + WORDS).toArray();
            List<TokenSequence> sequences = new ArrayList<>();
            for (int c = 0; c < count; c++) {
                sequences.add(choice(prompt, word(random, group, c == right)));
            }
            drawn.add(new EncodedExample(sequences, right));
        }
        TaskData data = new TaskData(TaskId.of("toy", name), Objective.MULTIPLE_CHOICE, 1, drawn.subList(0, examples));
        return new StreamTask(data, Metric.ACCURACY, drawn.subList(examples, drawn.size()));
    }

    private static int word(Random random, int[] group, boolean ofFirstGroup) {
        int word = 3 + random.nextInt(WORDS);
        while (group[word] == 0 != ofFirstGroup) {
            word = 3 + random.nextInt(WORDS);
        }
        return word;
    }

    private static TokenSequence choice(int[] prompt, int word) {
        int[] ids = Arrays.copyOf(prompt, prompt.length + 1);
        ids[prompt.length] = word;
        return new TokenSequence(ids, new int[ids.length]);
    }

    private static StreamTask task(
            String name, Objective objective, int labels, Metric metric, int seed, int examples, Rule rule) {
        Random random = new Random(seed);
        int[] group = random.ints(WORDS + 4, 0, 6).toArray();
        List<EncodedExample> drawn = new ArrayList<>();
        for (int i = 0; i < examples + 100; i++) {
            int[] ids = random.ints(3 + random.nextInt(9), 3, 3 + WORDS).toArray();
            drawn.add(new EncodedExample(new TokenSequence(ids, new int[ids.length]), rule.target(ids, group)));
        }
        TaskData data = new TaskData(TaskId.of("toy", name), objective, labels, drawn.subList(0, examples));
        return new StreamTask(data, metric, drawn.subList(examples, drawn.size()));
    }

    private interface Rule {
        double target(int[] ids, int[] group);
    }
}
