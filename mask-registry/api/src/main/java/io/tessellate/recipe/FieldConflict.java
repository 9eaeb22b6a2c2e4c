package io.tessellate.recipe;

import io.tessellate.method.MethodName;
import io.tessellate.method.Trait;
import java.util.Map;
import java.util.Objects;

/** Fields that are sound by themselves and not together. */
enum FieldConflict {
    /** A warm-up is given in one way. */
    WARMUP_TWICE(RecipeField.WARMUP_STEPS, "must be 0 where warmupShare is given") {
        @Override
        boolean occursIn(Map<String, Object> recipe) {
            return number(recipe, RecipeField.WARMUP_SHARE) > 0 && number(recipe, RecipeField.WARMUP_STEPS) > 0;
        }
    },
    /** A ticket is found by training on trial. */
    TICKET_WITHOUT_TRIAL(RecipeField.TICKET_DENSITY, "must be 0" + untried()) {
        @Override
        boolean occursIn(Map<String, Object> recipe) {
            return number(recipe, RecipeField.TICKET_DENSITY) > 0
                    && !method(recipe).has(Trait.TRAINS_ON_TRIAL);
        }
    },
    /** Only a calibration that trains has a rate of its own. */
    CALIBRATION_RATE_WITHOUT_TRIAL(RecipeField.CALIBRATION_LEARNING_RATE, "must be 0" + untried()) {
        @Override
        boolean occursIn(Map<String, Object> recipe) {
            return number(recipe, RecipeField.CALIBRATION_LEARNING_RATE) > 0
                    && !method(recipe).has(Trait.TRAINS_ON_TRIAL);
        }
    },
    /** Only a calibration that trains has an update rule. */
    CALIBRATION_RULE_WITHOUT_TRIAL(RecipeField.CALIBRATION_OPTIMIZER, "must be same" + untried()) {
        @Override
        boolean occursIn(Map<String, Object> recipe) {
            return given(recipe, RecipeField.CALIBRATION_OPTIMIZER, "same")
                    && !method(recipe).has(Trait.TRAINS_ON_TRIAL);
        }
    },
    /** Only a calibration that trains moves weights. */
    CALIBRATION_SCOPE_WITHOUT_TRIAL(RecipeField.CALIBRATION_SCOPE, "must be eligible" + untried()) {
        @Override
        boolean occursIn(Map<String, Object> recipe) {
            return given(recipe, RecipeField.CALIBRATION_SCOPE, "eligible")
                    && !method(recipe).has(Trait.TRAINS_ON_TRIAL);
        }
    },
    /** The mask is part of the ticket. */
    TICKET_TOO_SMALL(RecipeField.TICKET_DENSITY, "must be 0 or greater than density") {
        @Override
        boolean occursIn(Map<String, Object> recipe) {
            double ticket = number(recipe, RecipeField.TICKET_DENSITY);
            return ticket > 0 && ticket <= number(recipe, RecipeField.DENSITY);
        }
    },
    /** Another task's data is of use only to methods that look at data. */
    MASK_FROM_NO_DATA(RecipeField.MASK_FROM, "must be empty where the method looks at no data") {
        @Override
        boolean occursIn(Map<String, Object> recipe) {
            return given(recipe, RecipeField.MASK_FROM, "") && !method(recipe).has(Trait.LOOKS_AT_DATA);
        }
    },
    /** In the middle of a training the head is the task's own, which no other task's data fits. */
    MASK_FROM_MIDWAY(RecipeField.MASK_FROM, "must be empty where refreshes are given") {
        @Override
        boolean occursIn(Map<String, Object> recipe) {
            return given(recipe, RecipeField.MASK_FROM, "") && number(recipe, RecipeField.REFRESHES) > 0;
        }
    },
    /** Only a choice among many can be made again. */
    FIXED_MASK(RecipeField.REFRESHES, "must be 0 where the method chooses no weights one by one") {
        @Override
        boolean occursIn(Map<String, Object> recipe) {
            return number(recipe, RecipeField.REFRESHES) > 0
                    && !method(recipe).claim().isCount();
        }
    },
    /** Where a mask's structure fixes its size, each size has a reservation of its own. */
    RACED_STRUCTURE(RecipeField.DENSITY, "must be a number where the method chooses no weights one by one") {
        @Override
        boolean occursIn(Map<String, Object> recipe) {
            return RecipeField.AUTO.equals(recipe.get(RecipeField.DENSITY.text()))
                    && !method(recipe).claim().isCount();
        }
    },
    /** Only of a mask can weights be left out. */
    NOTHING_TO_AVOID(RecipeField.AVOID, "must be none where the method has no mask to leave weights out of") {
        @Override
        boolean occursIn(Map<String, Object> recipe) {
            return given(recipe, RecipeField.AVOID, "none")
                    && method(recipe).claim().overwrites();
        }
    },
    /** Full fine-tuning has no target. */
    ALL_TARGETS(RecipeField.TARGETS, "must be all where all weights are trained") {
        @Override
        boolean occursIn(Map<String, Object> recipe) {
            return given(recipe, RecipeField.TARGETS, "all")
                    && method(recipe).claim().overwrites()
                    && !method(recipe).has(Trait.LOW_RANK);
        }
    },
    /** What trains beside others must not need to know what they will own. */
    PARALLEL_WITHOUT_CLASS(
            RecipeField.PARALLEL,
            "must be false unless the method is "
                    + String.join(
                            " or ", MethodName.texts(method -> method.claim().isLiftClass()))) {
        @Override
        boolean occursIn(Map<String, Object> recipe) {
            return recipe.get(RecipeField.PARALLEL.text()).equals(true)
                    && !method(recipe).claim().isLiftClass();
        }
    },
    /** The penalty of a sparse transformation has to rise before it can be held. */
    HOLD_WITHOUT_RAMP(RecipeField.HOLD_SHARE, "must be 0 where rampShare is 0") {
        @Override
        boolean occursIn(Map<String, Object> recipe) {
            return number(recipe, RecipeField.HOLD_SHARE) > 0 && number(recipe, RecipeField.RAMP_SHARE) == 0;
        }
    },
    /** After a sparse transformation the mask alone is trained on. */
    NOTHING_AFTER_HOLD(
            RecipeField.HOLD_SHARE, "must leave some steps: rampShare and holdShare are less than 1 together") {
        @Override
        boolean occursIn(Map<String, Object> recipe) {
            return number(recipe, RecipeField.RAMP_SHARE) + number(recipe, RecipeField.HOLD_SHARE) >= 1;
        }
    },
    /** A sparse transformation trains all weights towards a mask, which must be known by then and stay. */
    RAMP_WITHOUT_FIXED_MASK(
            RecipeField.RAMP_SHARE, "must be 0 unless the method's mask is fixed before anything is trained") {
        @Override
        boolean occursIn(Map<String, Object> recipe) {
            boolean found =
                    method(recipe).claim().overwrites() || method(recipe).has(Trait.LOOKS_AT_DATA);
            return number(recipe, RecipeField.RAMP_SHARE) > 0 && (found || number(recipe, RecipeField.REFRESHES) > 0);
        }
    },
    /** What the views say of own inputs is found out for batches of own examples alone. */
    MIXED_DISTILLATION(RecipeField.DISTILL_SHARE, "must be 0 where replaySchedule is mixed") {
        @Override
        boolean occursIn(Map<String, Object> recipe) {
            return isMixed(recipe) && number(recipe, RecipeField.DISTILL_SHARE) > 0;
        }
    },
    /** Random inputs are drawn by such batches, too. */
    MIXED_PSEUDOREHEARSAL(RecipeField.PSEUDO_SHARE, "must be 0 where replaySchedule is mixed") {
        @Override
        boolean occursIn(Map<String, Object> recipe) {
            return isMixed(recipe) && number(recipe, RecipeField.PSEUDO_SHARE) > 0;
        }
    },
    /** An earlier head reads one example, not several in one sequence. */
    PACKED_DISTILLATION(RecipeField.DISTILL_SHARE, "must be 0 where packing is asked for") {
        @Override
        boolean occursIn(Map<String, Object> recipe) {
            return recipe.get(RecipeField.PACKING.text()).equals(true) && number(recipe, RecipeField.DISTILL_SHARE) > 0;
        }
    },
    /** Nor do packs tell how an example begins, ends and how long it is. */
    PACKED_PSEUDOREHEARSAL(RecipeField.PSEUDO_SHARE, "must be 0 where packing is asked for") {
        @Override
        boolean occursIn(Map<String, Object> recipe) {
            return recipe.get(RecipeField.PACKING.text()).equals(true) && number(recipe, RecipeField.PSEUDO_SHARE) > 0;
        }
    },
    /** Examples of one sequence are of one task. */
    MIXED_PACKS(RecipeField.PACKING, "must be false where replaySchedule is mixed") {
        @Override
        boolean occursIn(Map<String, Object> recipe) {
            return isMixed(recipe) && recipe.get(RecipeField.PACKING.text()).equals(true);
        }
    },
    /** Elasticity is of weights that are trained themselves. */
    ELASTIC_FACTORS(RecipeField.ELASTICITY, "must be 0 where weights are trained through factors") {
        @Override
        boolean occursIn(Map<String, Object> recipe) {
            return number(recipe, RecipeField.ELASTICITY) > 0 && method(recipe).has(Trait.LOW_RANK);
        }
    },
    /** Rounded weights would no longer be what their factors make. */
    ROUNDED_FACTORS(RecipeField.VALUES, "must be fp32 where weights are trained through factors") {
        @Override
        boolean occursIn(Map<String, Object> recipe) {
            return !recipe.get(RecipeField.VALUES.text()).equals("fp32")
                    && method(recipe).has(Trait.LOW_RANK);
        }
    };

    private final RecipeField field;
    private final String rule;

    FieldConflict(RecipeField field, String rule) {
        this.field = field;
        this.rule = rule;
    }

    /** Whether complete fields, in the form in which they are kept, have it. */
    abstract boolean occursIn(Map<String, Object> recipe);

    String message(Map<String, Object> recipe) {
        return String.valueOf(RecipeField.invalid(field.text(), recipe.get(field.text()), rule)
                .getMessage());
    }

    private static String untried() {
        return " where the method is neither "
                + String.join(" nor ", MethodName.texts(method -> method.has(Trait.TRAINS_ON_TRIAL)));
    }

    private static MethodName method(Map<String, Object> recipe) {
        return MethodName.parse((String) recipe.get(RecipeField.METHOD.text()));
    }

    private static boolean isMixed(Map<String, Object> recipe) {
        return "mixed".equals(recipe.get(RecipeField.REPLAY_SCHEDULE.text()));
    }

    private static boolean given(Map<String, Object> recipe, RecipeField field, String otherwise) {
        return !otherwise.equals(recipe.get(field.text()));
    }

    /** What is left to a race counts as the most that it may come to. */
    private static double number(Map<String, Object> recipe, RecipeField field) {
        return RecipeFields.most(field, Objects.requireNonNull(recipe.get(field.text())));
    }
}
