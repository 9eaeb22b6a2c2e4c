package io.tessellate.pipeline.demo.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Text without labels in the generated language, on which the demo's base model is pretrained. It shows how words go
 * together; it never says which class a text belongs to, and only well-formed sentences occur.
 */
public final class DemoCorpus {
    private final Speaker speaker;

    /** A corpus; the same seed gives the same text. */
    public DemoCorpus(long seed) {
        this.speaker = new Speaker(new SplittableRandom(seed));
    }

    /** The next passage: one text, or two that belong together. */
    public Passage next() {
        return switch (speaker.below(10)) {
            case 0 -> new Passage(TopicTask.plainReport(speaker) + " .", null);
            case 1 -> Passage.of(new TopicTask().example(speaker, speaker.below(4)));
            case 2, 8 -> new Passage(Sentiment.plainReview(speaker) + " .", null);
            case 3 -> Passage.of(new Sentiment().example(speaker, speaker.below(2)));
            case 4 -> Passage.of(new QuestionType().example(speaker, speaker.below(5)));
            case 5 -> new Passage(Acceptability.sentence(speaker, true) + " .", null);
            case 9 -> Passage.of(new Paraphrase().example(speaker, 1));
            case 6 -> new Passage(speaker.fact() + " .", null);
            default -> Passage.of(new Paraphrase().example(speaker, 1));
        };
    }

    /** Every word of the language in alphabetical order, found by letting it speak. */
    public static List<String> vocabulary() {
        Set<String> words = new TreeSet<>();
        DemoCorpus corpus = new DemoCorpus(1);
        Speaker speaker = corpus.speaker;
        for (int i = 0; i < 60_000; i++) {
            collect(words, corpus.next());
            collect(words, new Passage(Acceptability.sentence(speaker, false), null));
        }
        return new ArrayList<>(words);
    }

    private static void collect(Set<String> words, Passage passage) {
        words.addAll(List.of(passage.text().split(" ")));
        if (passage.textPair() != null) {
            words.addAll(List.of(passage.textPair().split(" ")));
        }
    }

    /** A text, and the text that goes with it if there is one. */
    public record Passage(String text, @Nullable String textPair) {
        static Passage of(DemoExample example) {
            return new Passage(example.text(), example.textPair());
        }
    }
}
