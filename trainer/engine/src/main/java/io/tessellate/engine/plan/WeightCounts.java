package io.tessellate.engine.plan;

import io.tessellate.engine.model.weights.Gradients;
import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.engine.model.weights.ParameterTensor;
import io.tessellate.engine.model.weights.Slot;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.recipe.RequestedWeights;
import io.tessellate.method.Trait;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * How many of a version's weights a recipe trains, and chooses from.
 *
 * @param model the version
 * @param recipe how to train
 */
record WeightCounts(PlannedModel model, Recipe recipe) {
    /** Eligible weights that a task comes to own. */
    static long owned(ParameterLayout layout, Recipe recipe) {
        return RequestedWeights.chooses(recipe)
                ? RequestedWeights.weights(recipe, layout)
                : recipe.methodName().claim().weights(layout.eligible(), recipe.density());
    }

    long owned() {
        return owned(model.layout(), recipe);
    }

    /** Weights that a mask is chosen from. */
    long candidates() {
        long targets = model.layout().tensors().stream()
                .filter(this::targeted)
                .mapToLong(this::targets)
                .sum();
        return recipe.methodName().has(Trait.MAY_OVERLAP) ? targets : Math.max(1, targets - model.targetsOwned());
    }

    /** Targeted weights of a tensor, whose outputs may do several things. */
    private long targets(ParameterTensor tensor) {
        long bands = tensor.bands().roles().stream()
                .filter(recipe.targets()::contains)
                .count();
        return tensor.size() * bands / tensor.bands().roles().size();
    }

    private boolean targeted(ParameterTensor tensor) {
        return tensor.bands().roles().stream().anyMatch(recipe.targets()::contains);
    }

    /** What a search among all candidates trains or scores. */
    TrainedBytes searched() {
        return TrainedBytes.some(model.layout(), this::targeted, candidates(), false, largest());
    }

    /** What the task's own training trains. */
    TrainedBytes own(BackendMemory backend) {
        if (recipe.methodName().has(Trait.LOW_RANK)) {
            return TrainedBytes.factors(
                    model.layout(), this::targeted, recipe.factors().rank());
        }
        if (recipe.methodName().claim().overwrites()) {
            return TrainedBytes.all(model.layout());
        }
        boolean lift = recipe.methodName().claim().isLiftClass();
        boolean along = backend.alongDiagonals() && lift && recipe.density() * 24 <= 1;
        return TrainedBytes.some(model.layout(), this::targeted, owned(), along, largest());
    }

    /** Entries of the largest matrix whose gradient is one product. */
    long largest() {
        List<Integer> sizes = new ArrayList<>();
        Slot.of(model.config(), model.layout())
                .map(slot -> sizes.add(slot.tensors().stream().anyMatch(this::targeted) ? slot.size() : 0));
        return Collections.max(sizes);
    }

    /** Bytes of the targeted matrices in 32 bits, if so many of their weights are moved that they lie in no fewer. */
    long crowded(long moved) {
        long targeted = model.layout().tensors().stream()
                .filter(this::targeted)
                .mapToLong(ParameterTensor::size)
                .sum();
        return 2 * moved > targeted ? Float.BYTES * targeted : 0;
    }

    /** The same after the task's own training. */
    long crowdedByTraining() {
        boolean factors = recipe.methodName().has(Trait.LOW_RANK);
        boolean all = recipe.methodName().claim().overwrites() && !factors;
        return all ? 2 * model.weights().halves() : crowded(factors ? Long.MAX_VALUE / 2 : owned());
    }

    /** Bytes of the segments that hold a targeted tensor. */
    long targetedSegments() {
        return Gradients.wholeBytes(model.layout(), this::targeted);
    }

    /** Bytes of the segments that the task's own training writes to. */
    long written() {
        boolean factors = recipe.methodName().has(Trait.LOW_RANK);
        boolean all = recipe.methodName().claim().overwrites() && !factors;
        return all ? Float.BYTES * model.layout().size() : targetedSegments();
    }

    /** Entries of all matrices that passes multiply by. */
    long linears() {
        return linear().sum();
    }

    private LongStream linear() {
        return Slot.of(model.config(), model.layout()).layers().stream()
                .flatMap(layer -> Stream.of(layer.projections(), layer.output(), layer.up(), layer.down()))
                .mapToLong(linear -> linear.weight().size());
    }

    /** Entries of the largest of them. */
    long widest() {
        return linear().max().orElseThrow();
    }

    /** Bytes of the adapter's values: of whole tensors and what they are copied from, or with their indices. */
    long adapter() {
        if (!recipe.methodName().claim().overwrites()) {
            return (Float.BYTES + Integer.BYTES) * owned();
        }
        boolean factors = recipe.methodName().has(Trait.LOW_RANK);
        return model.layout().tensors().stream()
                .filter(tensor -> !factors || targeted(tensor))
                .mapToLong(tensor -> 2L * Float.BYTES * tensor.size())
                .sum();
    }
}
