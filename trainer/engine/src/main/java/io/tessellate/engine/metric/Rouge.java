package io.tessellate.engine.metric;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * ROUGE (Lin 2004, <a href="https://aclanthology.org/W04-1013">W04-1013</a>) as the reference scorer counts it with
 * stemming: lower case, everything but a-z and 0-9 separates tokens, tokens longer than three characters are stemmed. All
 * scores are F-measures, 2PR / (P + R), of one prediction against one reference.
 */
final class Rouge {
    private static final Pattern TOKEN = Pattern.compile("[a-z0-9]+");
    private static final int UNSTEMMED = 3;

    private Rouge() {}

    static List<String> tokens(String text) {
        return TOKEN.matcher(text.toLowerCase(Locale.ROOT))
                .results()
                .map(MatchResult::group)
                .map(token -> token.length() > UNSTEMMED ? PorterStemmer.stem(token) : token)
                .toList();
    }

    /** ROUGE-N: overlap of n-grams, each counted as often as both texts have it. */
    static double ofGrams(int n, String prediction, String reference) {
        Map<List<String>, Integer> predicted = grams(n, tokens(prediction));
        Map<List<String>, Integer> wanted = grams(n, tokens(reference));
        int overlap = 0;
        for (Map.Entry<List<String>, Integer> gram : wanted.entrySet()) {
            overlap += Math.min(gram.getValue(), predicted.getOrDefault(gram.getKey(), 0));
        }
        return fMeasure(overlap, sum(predicted), sum(wanted));
    }

    /** ROUGE-L: the longest common subsequence of the tokens. */
    static double ofLongestCommonSubsequence(String prediction, String reference) {
        List<String> predicted = tokens(prediction);
        List<String> wanted = tokens(reference);
        return fMeasure(longestCommonSubsequence(predicted, wanted), predicted.size(), wanted.size());
    }

    private static Map<List<String>, Integer> grams(int n, List<String> tokens) {
        Map<List<String>, Integer> counts = new HashMap<>();
        for (int i = 0; i + n <= tokens.size(); i++) {
            counts.merge(new ArrayList<>(tokens.subList(i, i + n)), 1, Integer::sum);
        }
        return counts;
    }

    private static int sum(Map<List<String>, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    private static int longestCommonSubsequence(List<String> a, List<String> b) {
        int[] lengths = new int[b.size() + 1];
        for (String token : a) {
            int diagonal = 0;
            for (int j = 1; j <= b.size(); j++) {
                int above = lengths[j];
                lengths[j] = token.equals(b.get(j - 1)) ? diagonal + 1 : Math.max(above, lengths[j - 1]);
                diagonal = above;
            }
        }
        return lengths[b.size()];
    }

    private static double fMeasure(int overlap, int predicted, int wanted) {
        if (overlap == 0) {
            return 0;
        }
        double precision = (double) overlap / predicted;
        double recall = (double) overlap / wanted;
        return 2 * precision * recall / (precision + recall);
    }
}
