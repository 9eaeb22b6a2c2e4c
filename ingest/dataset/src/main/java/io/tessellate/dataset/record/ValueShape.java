package io.tessellate.dataset.record;

import io.tessellate.dataset.manifest.Quotation;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.avro.generic.GenericFixed;
import org.jspecify.annotations.Nullable;

/** What a value is in a user's words, and what is known about shapes that data sets often have. */
final class ValueShape {
    static final String CHAT =
            "chat messages need a chat template in the manifest: push --chat-template model takes the model's own";

    private static final String ARC =
            "write the texts of the choices as a list, and the number of the right one, from 0, as label";
    private static final String ANSWERS = "write one answer as the text";
    private static final String TRANSLATION = "write one language as prompt and the other as completion";
    private static final String WORDS = "join the words, for example by spaces";
    private static final String TOKENS = "write the text itself, not its tokens";
    private static final String LABELS = "an example has one label; several at once are not supported";

    private ValueShape() {}

    /** What should stand in a field. */
    enum Due {
        TEXT("a text"),
        CHOICES("a list of texts"),
        MESSAGES("a list of objects with 'role' and 'content', or the same as JSON"),
        LABEL("a class name or number"),
        NUMBER("a number"),
        ID("a text or a whole number"),
        SPLIT("'train' or 'eval'");

        private final String words;

        Due(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /** What a value is. */
    static String of(Object value) {
        if (value instanceof Collection<?> list) {
            return list(list);
        }
        if (Nested.holds(value)) {
            return "an object with " + Quotation.listed(Nested.names(value));
        }
        return simple(value);
    }

    private static String simple(@Nullable Object value) {
        if (value == null) {
            return "null";
        }
        if (value instanceof Number) {
            return "a number";
        }
        if (value instanceof Boolean) {
            return "a truth value";
        }
        if (value instanceof ByteBuffer || value instanceof GenericFixed || value instanceof byte[]) {
            return "bytes";
        }
        return Field.isName(value) ? "a text" : "a value of another kind";
    }

    private static String list(Collection<?> list) {
        if (list.isEmpty()) {
            return "an empty list";
        }
        Object first = list.iterator().next();
        String of = first != null && Nested.holds(first)
                ? "objects with " + Quotation.listed(Nested.names(first))
                : plural(first);
        return "a list of %s (%d)".formatted(of, list.size());
    }

    private static String plural(@Nullable Object element) {
        if (element instanceof Collection) {
            return "lists";
        }
        return switch (simple(element)) {
            case "a number" -> "numbers";
            case "a text" -> "texts";
            case "a truth value" -> "truth values";
            default -> "values";
        };
    }

    /** What to do about a list or an object where something else is due; empty if it is no shape we know. */
    static Optional<String> advice(Object value, Due due) {
        if (due == Due.MESSAGES) {
            return Optional.empty();
        }
        if (value instanceof Collection<?> list) {
            return list.isEmpty()
                    ? Optional.empty()
                    : ofElements(list.iterator().next(), due);
        }
        return Nested.holds(value) ? Optional.ofNullable(object(value)) : Optional.empty();
    }

    private static Optional<String> ofElements(@Nullable Object first, Due due) {
        if (first != null && Nested.holds(first)) {
            return Optional.ofNullable(object(first));
        }
        return switch (due) {
            case TEXT, CHOICES -> Optional.of(first instanceof Number ? TOKENS : WORDS);
            case LABEL, NUMBER -> Optional.of(LABELS);
            case ID, SPLIT, MESSAGES -> Optional.empty();
        };
    }

    private static @Nullable String object(Object value) {
        if (hasAll(value, "role", "content") || hasAll(value, "from", "value")) {
            return CHAT;
        }
        if (hasAll(value, "text", "label")) {
            return ARC;
        }
        if (hasAll(value, "text", "answer_start")) {
            return ANSWERS;
        }
        List<String> names = Nested.names(value);
        boolean languages = names.size() == 2 && names.stream().allMatch(name -> name.matches("[a-z]{2}(_[A-Z]{2})?"));
        return languages ? TRANSLATION : null;
    }

    private static boolean hasAll(Object value, String... names) {
        return List.of(names).stream().allMatch(name -> Nested.has(value, name));
    }
}
