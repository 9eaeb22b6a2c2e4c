package io.tessellate.engine.recipe;

import io.tessellate.recipe.RecipeField;

/**
 * How earlier tasks are rehearsed while a new one is learnt.
 *
 * @param share replayed examples per step as a share of the batch size; 0: none
 * @param memory share of each earlier train split that is drawn from
 * @param examined share of each earlier train split whose gradients are looked at where weights are chosen or pulled
 * @param targets what replayed examples are held against
 * @param schedule how the share goes over the steps
 * @param weight how many times as much as the new task's examples replayed ones count
 * @param distillShare share of a step's own inputs on which an earlier task's head is held to its view; 0: none
 * @param pseudoShare as many inputs of random tokens, on which it is held likewise; 0: none
 */
public record ReplayRecipe(
        double share,
        double memory,
        double examined,
        ReplayTargets targets,
        ReplaySchedule schedule,
        double weight,
        double distillShare,
        double pseudoShare) {
    static ReplayRecipe of(RecipeValues values) {
        return new ReplayRecipe(
                values.real(RecipeField.REPLAY_SHARE),
                values.real(RecipeField.REPLAY_MEMORY),
                values.real(RecipeField.EXAMINED_SHARE),
                values.choice(ReplayTargets.class, RecipeField.REPLAY_TARGETS),
                values.choice(ReplaySchedule.class, RecipeField.REPLAY_SCHEDULE),
                values.real(RecipeField.REPLAY_WEIGHT),
                values.real(RecipeField.DISTILL_SHARE),
                values.real(RecipeField.PSEUDO_SHARE));
    }

    /** Whether earlier heads are held on inputs that are not theirs. */
    public boolean distils() {
        return distillShare > 0 || pseudoShare > 0;
    }

    /** Whether earlier tasks are trained on beside the new one, by examples of their own or by random inputs. */
    public boolean rehearses() {
        return share > 0 || pseudoShare > 0;
    }

    /** Whether replayed examples are shuffled among the own ones instead of joining their batches. */
    public boolean mixes() {
        return schedule == ReplaySchedule.MIXED && share > 0;
    }
}
