package io.tessellate.dataset.record;

import io.tessellate.dataset.Label;
import io.tessellate.dataset.manifest.ClassNames;
import io.tessellate.dataset.manifest.Objective;
import io.tessellate.dataset.manifest.Quotation;
import io.tessellate.error.ErrorCode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What counts as a label. A class may be given by name (text, enum, or a number where names are numbers), by its position
 * (whole numbers of any type, or written as text) or as a truth value; names win. A real value may be any number, or one
 * written as text.
 */
final class LabelReader {
    private final Objective.Answer answer;
    private final ClassNames names;

    LabelReader(Objective.Answer answer, List<String> labels) {
        this.answer = answer;
        this.names = new ClassNames(labels);
    }

    Objective.Answer answer() {
        return answer;
    }

    /** What stands for a truth value in a record that has none: the class's name or number. */
    Object instead(boolean truth) {
        if (answer != Objective.Answer.CLASS) {
            return String.valueOf(truth);
        }
        return names.named(truth)
                .<Object>map(names::name)
                .orElseGet(() -> names.truths() ? String.valueOf(truth) : (Object) (truth ? 1L : 0L));
    }

    /** The right one of an example's choices, by number or by its text. A number is always a position, as data sets have it. */
    static Label choice(Field field, Object value, List<String> choices) throws RefusedException {
        if (!(value instanceof Number) && !Field.isName(value)) {
            throw field.unexpected(value, ValueShape.Due.LABEL);
        }
        int named = choices.indexOf(value.toString());
        double number = named >= 0 && !(value instanceof Number)
                ? named
                : value instanceof Number given ? given.doubleValue() : parse(value.toString());
        if (number != Math.rint(number) || number < 0 || number >= choices.size()) {
            throw new RefusedException(
                    ErrorCode.UNKNOWN_LABEL,
                    "field '%s' holds '%s', which is none of the %d choices nor a number from 0 to %d%s",
                    field.name(),
                    Quotation.of(value),
                    choices.size(),
                    choices.size() - 1,
                    choiceHint(value.toString(), number, choices.size()));
        }
        return new Label.Choice((int) number, choices);
    }

    private static String choiceHint(String given, double number, int choices) {
        if (given.length() == 1 && given.charAt(0) >= 'A' && given.charAt(0) < 'A' + choices) {
            return ": for '%s' write %d".formatted(given, given.charAt(0) - 'A');
        }
        return hint(number, choices);
    }

    Label read(Field field, Object value) throws RefusedException {
        return answer == Objective.Answer.VALUE ? real(field, value) : classIndex(field, value);
    }

    private Label classIndex(Field field, Object value) throws RefusedException {
        boolean truth = value instanceof Boolean;
        if (!(value instanceof Number) && !Field.isName(value) && !truth) {
            throw field.unexpected(value, ValueShape.Due.LABEL);
        }
        Optional<Integer> named = truth ? names.named((Boolean) value) : names.named(value.toString());
        if (named.isPresent()) {
            return new Label.ClassIndex(named.get());
        }
        if (truth && names.truths()) {
            throw unknown(field, value, Double.NaN);
        }
        return number(field, value, truth ? (Boolean) value ? "1" : "0" : value.toString());
    }

    private Label number(Field field, Object value, String text) throws RefusedException {
        double number = value instanceof Number given ? given.doubleValue() : parse(text);
        if (names.numbered()) {
            return new Label.ClassIndex(
                    ClassNames.number(text).flatMap(names::valued).orElseThrow(() -> unknown(field, value, number)));
        }
        if (number != Math.rint(number) || number < 0 || number >= names.size()) {
            throw unknown(field, value, number);
        }
        return new Label.ClassIndex((int) number);
    }

    private RefusedException unknown(Field field, Object value, double number) {
        String positions = names.numbered() || value instanceof Boolean
                ? ""
                : String.format(Locale.ROOT, " nor a number from 0 to %d", names.size() - 1);
        return new RefusedException(
                ErrorCode.UNKNOWN_LABEL,
                "field '%s' holds '%s', which is none of the %d labels %s%s%s",
                field.name(),
                Quotation.of(value),
                names.size(),
                names.listed(),
                positions,
                names.numbered() ? numberedHint(number) : hint(number, names.size()));
    }

    private static String hint(double number, int size) {
        if (number == -1) {
            return ": -1 often marks an example whose label is kept back, which can't be learnt from";
        }
        return number == size ? ": counting begins at 0" : "";
    }

    private String numberedHint(double number) {
        return number == Math.rint(number) && number >= 0 && number < names.size()
                ? ": where labels are numbers, a number is a label and not a position"
                : "";
    }

    private static Label real(Field field, Object value) throws RefusedException {
        if (!(value instanceof Number) && !(value instanceof CharSequence)) {
            throw field.unexpected(value, ValueShape.Due.NUMBER);
        }
        double number = value instanceof Number given ? given.doubleValue() : parse(value.toString());
        if (!Double.isFinite(number)) {
            throw new RefusedException(
                    ErrorCode.INVALID_FIELD,
                    "field '%s' holds '%s', not a finite number",
                    field.name(),
                    Quotation.of(value));
        }
        return new Label.Real(number);
    }

    private static double parse(String text) {
        try {
            return Double.parseDouble(text.strip());
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }
}
