package io.tessellate.engine.train.replay;

import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.batch.Dropout;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.model.weights.Gradients;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.ModelPasses;
import io.tessellate.engine.recipe.Phase;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.recipe.Seeds;
import io.tessellate.engine.version.EarlierTask;
import io.tessellate.engine.version.LearntTasks;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Learning without forgetting (Li and Hoiem 2016, <a href="https://arxiv.org/abs/1606.09282">1606.09282</a>) with frozen
 * heads: on some of the new task's own inputs an earlier task's head is held to what that task's own view says about them.
 * Needs no earlier data. The loss is {@code T^2 KL(softmax(view / T) || softmax(now / T))} with T = 2 for classes and the
 * squared distance for values; its mean over a step's inputs counts as much as the new batch's mean loss. The same is done, where
 * {@code pseudoShare} asks for it, on {@link PseudoInputs random inputs}.
 */
public final class Distillation {
    private final List<DistilledInputs> kinds;

    private Distillation(List<DistilledInputs> kinds) {
        this.kinds = kinds;
    }

    /**
     * Asks the earlier tasks' views, which are moved.
     *
     * @param examples what batches are drawn from
     * @param batches every batch of a phase in the order of the steps; none where the phase sees no own inputs
     * @param pulse called between passes; may stop everything by throwing
     */
    public static Distillation of(
            Recipe recipe,
            LearntTasks learnt,
            ModelPasses passes,
            List<EncodedExample> examples,
            Function<Phase, Stream<int[]>> batches,
            Runnable pulse) {
        List<TokenSequence> own =
                examples.stream().map(example -> example.sequences().get(0)).toList();
        List<DistilledInputs> kinds = new ArrayList<>();
        double share = recipe.replay().distillShare();
        if (share > 0) {
            kinds.add(new DistilledInputs(recipe, learnt, passes, own::get, own.size(), share, "distill"));
        }
        double pseudo = recipe.replay().pseudoShare();
        if (pseudo > 0) {
            var inputs = new PseudoInputs(own, learnt.version().config(), new Seeds(recipe.seed()));
            kinds.add(new DistilledInputs(recipe, learnt, passes, inputs, own.size(), pseudo, "pseudo"));
        }
        kinds.forEach(kind -> kind.ask(learnt, batches, pulse));
        return new Distillation(kinds);
    }

    /** Whether one of these tasks can be held to its view on another's inputs. */
    public static boolean hasTeacher(List<EarlierTask> earlier) {
        return !DistilledInputs.teachers(earlier).isEmpty();
    }

    /** Adds the gradients of a step's inputs, each through the head of the task it was drawn for. */
    public void add(Phase phase, long step, int[] batch, Weights weights, Dropout dropout, Gradients gradients) {
        for (DistilledInputs kind : kinds) {
            kind.add(phase, step, batch, weights, dropout, gradients);
        }
    }
}
