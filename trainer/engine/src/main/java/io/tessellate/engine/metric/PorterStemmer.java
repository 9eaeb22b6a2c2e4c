package io.tessellate.engine.metric;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The Porter stemmer (Porter 1980, "An algorithm for suffix stripping", Program 14(3), 130-137) in the variant that the
 * reference ROUGE scorer stems with: Porter's own later departures ({@code bli}, {@code logi}) and NLTK's: {@code ies} and
 * {@code ied} of four-letter words end in {@code ie}, a final {@code y} becomes {@code i} only after a consonant that is
 * not the first letter, {@code alli} and {@code fulli} are taken off in one go, a word of two letters may end as a short
 * syllable, and a few words have fixed stems.
 */
final class PorterStemmer {
    private static final Map<String, String> FIXED = Map.ofEntries(
            Map.entry("sky", "sky"),
            Map.entry("skies", "sky"),
            Map.entry("dying", "die"),
            Map.entry("lying", "lie"),
            Map.entry("tying", "tie"),
            Map.entry("news", "news"),
            Map.entry("inning", "inning"),
            Map.entry("innings", "inning"),
            Map.entry("outing", "outing"),
            Map.entry("outings", "outing"),
            Map.entry("canning", "canning"),
            Map.entry("cannings", "canning"),
            Map.entry("howe", "howe"),
            Map.entry("proceed", "proceed"),
            Map.entry("exceed", "exceed"),
            Map.entry("succeed", "succeed"));

    private static final Set<String> SHORT_RESTORED = Set.of("at", "bl", "iz");

    private static final List<Rule> STEP_2 = List.of(
            new Rule("ational", "ate", PorterStemmer::isMeasured),
            new Rule("tional", "tion", PorterStemmer::isMeasured),
            new Rule("enci", "ence", PorterStemmer::isMeasured),
            new Rule("anci", "ance", PorterStemmer::isMeasured),
            new Rule("izer", "ize", PorterStemmer::isMeasured),
            new Rule("bli", "ble", PorterStemmer::isMeasured),
            new Rule("alli", "al", PorterStemmer::isMeasured),
            new Rule("entli", "ent", PorterStemmer::isMeasured),
            new Rule("eli", "e", PorterStemmer::isMeasured),
            new Rule("ousli", "ous", PorterStemmer::isMeasured),
            new Rule("ization", "ize", PorterStemmer::isMeasured),
            new Rule("ation", "ate", PorterStemmer::isMeasured),
            new Rule("ator", "ate", PorterStemmer::isMeasured),
            new Rule("alism", "al", PorterStemmer::isMeasured),
            new Rule("iveness", "ive", PorterStemmer::isMeasured),
            new Rule("fulness", "ful", PorterStemmer::isMeasured),
            new Rule("ousness", "ous", PorterStemmer::isMeasured),
            new Rule("aliti", "al", PorterStemmer::isMeasured),
            new Rule("iviti", "ive", PorterStemmer::isMeasured),
            new Rule("biliti", "ble", PorterStemmer::isMeasured),
            new Rule("fulli", "ful", PorterStemmer::isMeasured),
            new Rule("logi", "log", stem -> measure(stem + "l") > 0));

    private static final List<Rule> STEP_3 = List.of(
            new Rule("icate", "ic", PorterStemmer::isMeasured),
            new Rule("ative", "", PorterStemmer::isMeasured),
            new Rule("alize", "al", PorterStemmer::isMeasured),
            new Rule("iciti", "ic", PorterStemmer::isMeasured),
            new Rule("ical", "ic", PorterStemmer::isMeasured),
            new Rule("ful", "", PorterStemmer::isMeasured),
            new Rule("ness", "", PorterStemmer::isMeasured));

    private static final List<Rule> STEP_4 = List.of(
            new Rule("al", "", PorterStemmer::isLong),
            new Rule("ance", "", PorterStemmer::isLong),
            new Rule("ence", "", PorterStemmer::isLong),
            new Rule("er", "", PorterStemmer::isLong),
            new Rule("ic", "", PorterStemmer::isLong),
            new Rule("able", "", PorterStemmer::isLong),
            new Rule("ible", "", PorterStemmer::isLong),
            new Rule("ant", "", PorterStemmer::isLong),
            new Rule("ement", "", PorterStemmer::isLong),
            new Rule("ment", "", PorterStemmer::isLong),
            new Rule("ent", "", PorterStemmer::isLong),
            new Rule("ion", "", PorterStemmer::isLongBeforeIon),
            new Rule("ou", "", PorterStemmer::isLong),
            new Rule("ism", "", PorterStemmer::isLong),
            new Rule("ate", "", PorterStemmer::isLong),
            new Rule("iti", "", PorterStemmer::isLong),
            new Rule("ous", "", PorterStemmer::isLong),
            new Rule("ive", "", PorterStemmer::isLong),
            new Rule("ize", "", PorterStemmer::isLong));

    private PorterStemmer() {}

    /**
     * A suffix and what it becomes where the stem before it is of the right kind. The first rule whose suffix fits decides,
     * whether or not the stem does.
     */
    private record Rule(String suffix, String replacement, Predicate<String> condition) {}

    /** The stem of a word in lower case. */
    static String stem(String word) {
        String fixed = FIXED.get(word);
        if (fixed != null) {
            return fixed;
        }
        if (word.length() <= 2) {
            return word;
        }
        String stem = pastOrGerund(plural(word));
        stem = apply(STEP_3, doubleSuffix(finalY(stem)));
        return finalLetters(apply(STEP_4, stem));
    }

    /** Step 1a. */
    private static String plural(String word) {
        if (word.endsWith("sses")) {
            return cut(word, 2);
        }
        if (word.endsWith("ies")) {
            return cut(word, word.length() == 4 ? 1 : 2);
        }
        return word.endsWith("s") && !word.endsWith("ss") ? cut(word, 1) : word;
    }

    /** Step 1b. */
    private static String pastOrGerund(String word) {
        if (word.endsWith("ied")) {
            return cut(word, word.length() == 4 ? 1 : 2);
        }
        if (word.endsWith("eed")) {
            return measure(cut(word, 3)) > 0 ? cut(word, 1) : word;
        }
        for (String suffix : List.of("ed", "ing")) {
            if (word.endsWith(suffix) && hasVowel(cut(word, suffix.length()))) {
                return restored(cut(word, suffix.length()));
            }
        }
        return word;
    }

    private static String restored(String stem) {
        if (stem.length() >= 2 && SHORT_RESTORED.contains(stem.substring(stem.length() - 2))) {
            return stem + "e";
        }
        if (endsInDoubleConsonant(stem)) {
            return "lsz".indexOf(stem.charAt(stem.length() - 1)) < 0 ? cut(stem, 1) : stem;
        }
        return measure(stem) == 1 && endsInShortSyllable(stem) ? stem + "e" : stem;
    }

    /** Step 1c. */
    private static String finalY(String word) {
        int last = word.length() - 1;
        return word.endsWith("y") && last > 1 && isConsonant(word, last - 1) ? cut(word, 1) + "i" : word;
    }

    /** Step 2; what is left by {@code alli} may have a further suffix of this step. */
    private static String doubleSuffix(String word) {
        if (word.endsWith("alli") && measure(cut(word, 4)) > 0) {
            return doubleSuffix(cut(word, 2));
        }
        return apply(STEP_2, word);
    }

    /** Step 5. */
    private static String finalLetters(String word) {
        String stem = word;
        if (word.endsWith("e")) {
            String before = cut(word, 1);
            int measure = measure(before);
            stem = measure > 1 || measure == 1 && !endsInShortSyllable(before) ? before : word;
        }
        return stem.endsWith("ll") && measure(cut(stem, 1)) > 1 ? cut(stem, 1) : stem;
    }

    private static String apply(List<Rule> rules, String word) {
        for (Rule rule : rules) {
            if (word.endsWith(rule.suffix)) {
                String stem = cut(word, rule.suffix.length());
                return rule.condition.test(stem) ? stem + rule.replacement : word;
            }
        }
        return word;
    }

    private static boolean isMeasured(String stem) {
        return measure(stem) > 0;
    }

    private static boolean isLong(String stem) {
        return measure(stem) > 1;
    }

    private static boolean isLongBeforeIon(String stem) {
        return isLong(stem) && (stem.endsWith("s") || stem.endsWith("t"));
    }

    /** Porter's m: how often a vowel sequence is followed by a consonant sequence. */
    private static int measure(String stem) {
        int measure = 0;
        for (int i = 1; i < stem.length(); i++) {
            measure += isConsonant(stem, i) && !isConsonant(stem, i - 1) ? 1 : 0;
        }
        return measure;
    }

    private static boolean hasVowel(String stem) {
        for (int i = 0; i < stem.length(); i++) {
            if (!isConsonant(stem, i)) {
                return true;
            }
        }
        return false;
    }

    private static boolean endsInDoubleConsonant(String stem) {
        int last = stem.length() - 1;
        return last >= 1 && stem.charAt(last) == stem.charAt(last - 1) && isConsonant(stem, last);
    }

    /** Porter's *o: consonant, vowel, consonant other than w, x, y; or a vowel and a consonant alone. */
    private static boolean endsInShortSyllable(String stem) {
        int last = stem.length() - 1;
        if (last == 1) {
            return !isConsonant(stem, 0) && isConsonant(stem, 1);
        }
        return last >= 2
                && isConsonant(stem, last - 2)
                && !isConsonant(stem, last - 1)
                && isConsonant(stem, last)
                && "wxy".indexOf(stem.charAt(last)) < 0;
    }

    private static boolean isConsonant(String word, int i) {
        char letter = word.charAt(i);
        if ("aeiou".indexOf(letter) >= 0) {
            return false;
        }
        return letter != 'y' || i == 0 || !isConsonant(word, i - 1);
    }

    private static String cut(String word, int letters) {
        return word.substring(0, word.length() - letters);
    }
}
