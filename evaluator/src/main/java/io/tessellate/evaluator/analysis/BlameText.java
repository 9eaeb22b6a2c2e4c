package io.tessellate.evaluator.analysis;

import io.tessellate.text.NumberText;
import java.util.Locale;

/** What a blame comes to, in words. */
final class BlameText {
    private BlameText() {}

    static String of(Blame blame) {
        if (blame.adapters().isEmpty()) {
            return "version %d holds exactly what %s was trained on and its own adapter: both views are the same weights, nothing is to blame"
                    .formatted(blame.version(), blame.task());
        }
        if (!blame.dropped()) {
            return format(
                    "%s did not drop: %s with all of version %d, %s in its own view",
                    blame.task(),
                    NumberText.fixed(blame.union().score(), 4),
                    blame.version(),
                    NumberText.fixed(blame.own(), 4));
        }
        String drop = format(
                "%s dropped by %s at version %d (p %.4g, %d of %d examples lost and %d won)",
                blame.task(),
                NumberText.fixed(blame.drop(), 4),
                blame.version(),
                blame.union().test().p(),
                blame.union().test().lost(),
                blame.examples(),
                blame.union().test().won());
        return drop
                + blame.culprit()
                        .map(culprit -> culprit(blame, culprit))
                        .orElse("; no adapter by itself accounts for any of it: it is what they do together");
    }

    private static String culprit(Blame blame, BlamedAdapter culprit) {
        String what =
                culprit.kind() == BlamedAdapter.Kind.ADDED ? "the adapter of %s" : "that the adapter of %s is gone";
        return format(
                "; the largest part, %s, comes from " + what + " (version %d)%s%s",
                NumberText.fixed(culprit.effect(), 4),
                culprit.task(),
                culprit.version(),
                culprit.supported() ? "" : ", which no test supports: it may be chance",
                blame.narrowings().isEmpty()
                        ? ""
                        : "; of many adapters only the likelier half was looked into each time");
    }

    private static String format(String text, Object... values) {
        return String.format(Locale.ROOT, text, values);
    }
}
