package io.tessellate.engine.recipe;

import io.tessellate.engine.optimizer.OptimizerKind;
import io.tessellate.method.Trait;
import io.tessellate.recipe.MaskSource;
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
 * @param maskFrom whose data calibrate the mask, as {@link MaskSource} reads it; empty: the own
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

    /** Whose data calibrate the mask. */
    public MaskSource source() {
        return MaskSource.parse(maskFrom);
    }

    /** Whether it is on data that a training which looks back at so much reads for nothing else. */
    public boolean borrows(Lookback lookback) {
        return source().isElsewhere() || source().isEarlier() && lookback != Lookback.EXAMPLES;
    }

    /** A recipe with this rate for masks that are calibrated by training on trial, if it leaves that open. */
    public static Recipe settled(Recipe recipe, double rate) {
        CalibrationRecipe calibration = recipe.calibration();
        boolean tried = recipe.methodName().has(Trait.TRAINS_ON_TRIAL) && calibration.epochs() > 0;
        return tried && calibration.learningRate() == 0
                ? recipe.with(RecipeField.CALIBRATION_LEARNING_RATE.text(), rate)
                : recipe;
    }

    /** How a recipe's training on trial goes: as its final one, but at its own rate and by its own rule. */
    public static Recipe trial(Recipe recipe) {
        CalibrationRecipe calibration = recipe.calibration();
        if (calibration.learningRate() == 0) {
            throw new IllegalStateException("a mask is calibrated after its learning rate is settled");
        }
        return recipe.with(RecipeField.LEARNING_RATE.text(), calibration.learningRate())
                .with(RecipeField.OPTIMIZER.text(), calibration.optimizer().label());
    }

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
