package io.tessellate.engine.recipe;

import io.tessellate.engine.optimizer.OptimizerKind;
import io.tessellate.recipe.RecipeField;
import java.util.Locale;

/**
 * How a mask is found that looks at data.
 *
 * @param epochs passes before the mask is extracted; 0: one batch, ranked by gradient
 * @param learningRate peak learning rate of a training on trial; 0: not settled yet
 * @param optimizer update rule of a training on trial
 * @param scope what a training on trial moves
 * @param ticketDensity density of a first ticket among whose weights the final ones are chosen; 0: none
 * @param maskFrom name of the earlier task whose data calibrate the mask; empty: the own
 */
public record CalibrationRecipe(
        double epochs,
        double learningRate,
        OptimizerKind optimizer,
        CalibrationScope scope,
        double ticketDensity,
        String maskFrom) {
    /** The update rule of the final phase, in the field for that of a calibration. */
    static final String SAME = "same";

    static CalibrationRecipe of(RecipeValues values) {
        String rule = values.text(RecipeField.CALIBRATION_OPTIMIZER);
        return new CalibrationRecipe(
                values.real(RecipeField.CALIBRATION_EPOCHS),
                values.real(RecipeField.CALIBRATION_LEARNING_RATE),
                rule.equals(SAME)
                        ? values.choice(OptimizerKind.class, RecipeField.OPTIMIZER)
                        : OptimizerKind.valueOf(rule.toUpperCase(Locale.ROOT)),
                values.choice(CalibrationScope.class, RecipeField.CALIBRATION_SCOPE),
                values.real(RecipeField.TICKET_DENSITY),
                values.text(RecipeField.MASK_FROM));
    }
}
