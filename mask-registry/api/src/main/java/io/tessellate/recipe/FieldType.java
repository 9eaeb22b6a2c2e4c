package io.tessellate.recipe;

import java.util.List;
import java.util.Optional;

/** What a recipe field may hold, and the one form in which it is kept. */
public sealed interface FieldType {
    /** The value in the form in which it is kept; empty if it breaks the rule. */
    Optional<Object> canonical(Object value);

    /** The rule, to follow "the field is 3 but". */
    String rule();

    /** The type in which it is kept. */
    Class<?> type();

    /** A real number; kept as a double. */
    record Real(Range range) implements FieldType {
        @Override
        public Optional<Object> canonical(Object value) {
            return value instanceof Number number && range.contains(number.doubleValue())
                    ? Optional.of(number.doubleValue())
                    : Optional.empty();
        }

        @Override
        public String rule() {
            return "must be a number and " + range.rule();
        }

        @Override
        public Class<?> type() {
            return Double.class;
        }
    }

    /** A whole number; kept as an int. */
    record Whole(Range range) implements FieldType {
        @Override
        public Optional<Object> canonical(Object value) {
            return value instanceof Number number
                            && range.contains(number.doubleValue())
                            && number.intValue() == number.doubleValue()
                    ? Optional.of(number.intValue())
                    : Optional.empty();
        }

        @Override
        public String rule() {
            return "must be a whole number and " + range.rule();
        }

        @Override
        public Class<?> type() {
            return Integer.class;
        }
    }

    /**
     * A number, or the word that leaves it to a race among candidates.
     *
     * @param number what it may be if it is given
     * @param grid where a race begins, and how candidates lie around it
     */
    record Raced(FieldType number, RaceGrid grid) implements FieldType {
        @Override
        public Optional<Object> canonical(Object value) {
            return RecipeField.AUTO.equals(String.valueOf(value))
                    ? Optional.of(RecipeField.AUTO)
                    : number.canonical(value);
        }

        @Override
        public String rule() {
            return number.rule() + ", or " + RecipeField.AUTO;
        }

        @Override
        public Class<?> type() {
            return number.type();
        }
    }

    /** Any whole number; kept as a long. */
    record Seed() implements FieldType {
        @Override
        public Optional<Object> canonical(Object value) {
            return value instanceof Number number && number.longValue() == number.doubleValue()
                    ? Optional.of(number.longValue())
                    : Optional.empty();
        }

        @Override
        public String rule() {
            return "must be a whole number";
        }

        @Override
        public Class<?> type() {
            return Long.class;
        }
    }

    /** One of some words. */
    record Words(List<String> words) implements FieldType {
        /** Copies the list. */
        public Words {
            words = List.copyOf(words);
        }

        @Override
        public Optional<Object> canonical(Object value) {
            return words.contains(String.valueOf(value)) ? Optional.of(String.valueOf(value)) : Optional.empty();
        }

        @Override
        public String rule() {
            return "must be one of " + String.join(", ", words);
        }

        @Override
        public Class<?> type() {
            return String.class;
        }
    }

    /** On whose data a mask is calibrated: what {@link MaskSource} reads. */
    record CalibrationSource() implements FieldType {
        @Override
        public Optional<Object> canonical(Object value) {
            return value instanceof CharSequence text
                    ? MaskSource.read(text.toString()).map(source -> text.toString())
                    : Optional.empty();
        }

        @Override
        public String rule() {
            return MaskSource.RULE;
        }

        @Override
        public Class<?> type() {
            return String.class;
        }
    }

    /** Yes or no. */
    record Flag() implements FieldType {
        @Override
        public Optional<Object> canonical(Object value) {
            return value instanceof Boolean ? Optional.of(value) : Optional.empty();
        }

        @Override
        public String rule() {
            return "must be true or false";
        }

        @Override
        public Class<?> type() {
            return Boolean.class;
        }
    }
}
