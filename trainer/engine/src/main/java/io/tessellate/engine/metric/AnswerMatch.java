package io.tessellate.engine.metric;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** When a generated answer is the reference's. */
final class AnswerMatch {
    private static final Pattern FINAL_NUMBER = Pattern.compile("#### (-?[0-9.,]+)");
    private static final Pattern SPACE = Pattern.compile("\\s+");

    private AnswerMatch() {}

    /** The texts are equal apart from the amount of white space. */
    static boolean sameText(String prediction, String reference) {
        return squeezed(prediction).equals(squeezed(reference));
    }

    private static String squeezed(String text) {
        return SPACE.matcher(text.strip()).replaceAll(" ");
    }

    /**
     * GSM8K's rule (Cobbe et al. 2021, <a href="https://arxiv.org/abs/2110.14168">2110.14168</a>): the first number after
     * {@code #### } is compared as text, thousands separators left out. A text without one is wrong.
     */
    static boolean sameFinalNumber(String prediction, String reference) {
        Optional<String> wanted = finalNumber(reference);
        return wanted.isPresent() && wanted.equals(finalNumber(prediction));
    }

    static Optional<String> finalNumber(String text) {
        Matcher matcher = FINAL_NUMBER.matcher(text);
        return matcher.find() ? Optional.of(matcher.group(1).replace(",", "")) : Optional.empty();
    }
}
