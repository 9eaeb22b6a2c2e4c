package io.tessellate.dataset.folder;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The metrics that a description in plain words means, such as a data set's {@code meta.json} gives. */
public final class MetricWords {
    /** Words of a description and the metric they mean; where two start at the same place, the first given. */
    private static final List<Map.Entry<String, String>> WORDS = List.of(
            Map.entry("exact match of the number after ####", "gsm8k"),
            Map.entry("gsm8k", "gsm8k"),
            Map.entry("exact match", "exact_match"),
            Map.entry("exact_match", "exact_match"),
            Map.entry("rouge-1", "rouge1"),
            Map.entry("rouge1", "rouge1"),
            Map.entry("rouge-2", "rouge2"),
            Map.entry("rouge2", "rouge2"),
            Map.entry("rouge-l", "rougel"),
            Map.entry("rougel", "rougel"),
            Map.entry("inverse_perplexity", "inverse_perplexity"),
            Map.entry("perplexity", "inverse_perplexity"),
            Map.entry("choice_likelihood", "choice_likelihood"),
            Map.entry("log-likelihood", "choice_likelihood"),
            Map.entry("accuracy", "accuracy"),
            Map.entry("f1", "f1"),
            Map.entry("matthews", "matthews"),
            Map.entry("pearson", "pearson"),
            Map.entry("spearman", "spearman"));

    private MetricWords() {}

    /** The metrics that a description such as "Pearson and Spearman correlation" names, in its order. */
    public static List<String> in(String description) {
        String lower = description.toLowerCase(Locale.ROOT);
        return WORDS.stream()
                .filter(known -> lower.contains(known.getKey()))
                .sorted(Comparator.comparingInt(known -> lower.indexOf(known.getKey())))
                .map(Map.Entry::getValue)
                .distinct()
                .toList();
    }
}
