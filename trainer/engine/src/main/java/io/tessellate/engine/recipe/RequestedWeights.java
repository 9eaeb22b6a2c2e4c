package io.tessellate.engine.recipe;

import io.tessellate.engine.method.PlanRequest;
import io.tessellate.engine.method.TargetGroup;
import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.mask.Mask;
import io.tessellate.mask.grant.MaskRequest;
import java.util.OptionalInt;
import java.util.function.Supplier;

/** How much of a model a recipe asks for, to be reserved before it is trained. */
public final class RequestedWeights {
    private RequestedWeights() {}

    /** The most eligible weights that a task may come to own: of the targeted ones the density's share, for every mask. */
    public static long weights(Recipe recipe, ParameterLayout layout) {
        Mask targeted = candidates(recipe, layout);
        return PlanRequest.inAll(targeted, recipe.density(), recipe.refreshes());
    }

    /** What the method chooses from: the targets, or all where the weights of a regular pattern are targeted only afterwards. */
    public static Mask candidates(Recipe recipe, ParameterLayout layout) {
        return chooses(recipe) ? layout.weights(recipe.targets()::contains) : Mask.all(layout.eligible());
    }

    /** Whether the method chooses weights one by one, rather than finding a mask that its structure fixes. */
    public static boolean chooses(Recipe recipe) {
        return recipe.methodName().claim().isCount();
    }

    /**
     * The share of all eligible weights to ask for: where the method chooses weights, the one that stands for exactly as
     * many as it may come to own, {@code floor(share x eligible)} of them.
     *
     * @param layout of the model; asked for only where the recipe's density is not that share already
     */
    public static double share(Recipe recipe, Supplier<ParameterLayout> layout) {
        boolean plain = recipe.targets() == TargetGroup.ALL && recipe.refreshes() == 0;
        return chooses(recipe) && !plain ? share(recipe, layout.get()) : recipe.density();
    }

    /**
     * What a recipe asks to have reserved.
     *
     * @param share of all eligible weights
     * @param parallelFrom of a task that is trained beside others, the version they all train on
     */
    public static MaskRequest request(Recipe recipe, double share, OptionalInt parallelFrom) {
        return new MaskRequest(recipe.method(), share, recipe.exhaustion(), recipe.sharedMask(), parallelFrom);
    }

    private static double share(Recipe recipe, ParameterLayout layout) {
        long size = layout.eligible().size();
        long weights = weights(recipe, layout);
        double share = (double) weights / size;
        while (Math.floor(share * size) < weights) {
            share = Math.nextUp(share);
        }
        return share;
    }
}
