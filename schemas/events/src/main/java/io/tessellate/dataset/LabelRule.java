package io.tessellate.dataset;

import io.tessellate.error.ErrorCode;
import io.tessellate.event.Objective;
import io.tessellate.event.TaskManifest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What counts as a label. A class may be given by number (whole numbers of any type), by name (text or enum), by a number
 * written as text, or as a boolean; names win over numbers. A real value may be any number, or one written as text.
 */
final class LabelRule {
    private final Objective objective;
    private final int classes;
    private final Map<String, Integer> numbers = new HashMap<>();

    LabelRule(TaskManifest manifest) {
        objective = manifest.getObjective();
        List<String> names = manifest.getLabels();
        classes = names.size();
        for (int i = 0; i < classes; i++) {
            numbers.putIfAbsent(names.get(i), i);
        }
    }

    Objective objective() {
        return objective;
    }

    /** The right one of an example's choices, by number or by its text. */
    static Label choice(Field field, Object value, List<String> choices) throws RefusedException {
        int named = choices.indexOf(value.toString());
        double number = named >= 0 && !(value instanceof Number)
                ? named
                : value instanceof Number given ? given.doubleValue() : parse(value.toString());
        if (number != Math.rint(number) || number < 0 || number >= choices.size()) {
            throw new RefusedException(
                    ErrorCode.UNKNOWN_LABEL,
                    "field '%s' holds '%s', which is none of the %d choices nor a number from 0 to %d",
                    field.name(),
                    Field.abbreviate(value),
                    choices.size(),
                    choices.size() - 1);
        }
        return new Label.Choice((int) number, choices);
    }

    Label read(Field field, @Nullable Object value) throws RefusedException {
        if (value == null) {
            throw new RefusedException(ErrorCode.MISSING_FIELD, "field '%s' is missing or null", field.name());
        }
        return objective == Objective.REGRESSION ? real(field, value) : classIndex(field, value);
    }

    private Label classIndex(Field field, Object value) throws RefusedException {
        if (value instanceof Number number) {
            return byNumber(field, number.doubleValue(), value);
        }
        if (!Field.isName(value) && !(value instanceof Boolean)) {
            throw field.unexpected(value, "a class name or number");
        }
        Integer named = numbers.get(value.toString());
        if (named != null) {
            return new Label.ClassIndex(named);
        }
        if (value instanceof Boolean truth) {
            return byNumber(field, truth ? 1 : 0, value);
        }
        return byNumber(field, parse(value.toString()), value);
    }

    private Label byNumber(Field field, double number, Object value) throws RefusedException {
        if (number != Math.rint(number) || number < 0 || number >= classes) {
            throw new RefusedException(
                    ErrorCode.UNKNOWN_LABEL,
                    "field '%s' holds '%s', which is none of the %d labels nor a number from 0 to %d",
                    field.name(),
                    Field.abbreviate(value),
                    classes,
                    classes - 1);
        }
        return new Label.ClassIndex((int) number);
    }

    private static Label real(Field field, Object value) throws RefusedException {
        if (!(value instanceof Number) && !(value instanceof CharSequence)) {
            throw field.unexpected(value, "a number");
        }
        double number = value instanceof Number given ? given.doubleValue() : parse(value.toString());
        if (!Double.isFinite(number)) {
            throw new RefusedException(
                    ErrorCode.INVALID_FIELD,
                    "field '%s' holds '%s', not a finite number",
                    field.name(),
                    Field.abbreviate(value));
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
