package io.tessellate.engine.plan;

import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.family.ConfigJson;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.engine.model.weights.WeightBytes;
import io.tessellate.engine.recipe.Lookback;
import io.tessellate.engine.recipe.Recipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntFunction;

/**
 * A training that somebody thinks of. Its sequences are all as long as they may be, its earlier tasks as large as itself.
 *
 * @param model configuration and weights of the base
 * @param recipe how to train
 * @param task what is trained on
 */
public record MemoryQuestion(Model model, Recipe recipe, Task task) {
    /** What the recipe leaves open has the value that takes most. */
    public MemoryQuestion {
        recipe = LargestRecipe.of(recipe);
    }

    /** Batches beyond that are of no use to anybody. */
    private static final int LARGEST = 1 << 16;

    /**
     * A model of whose weights the sizes are enough.
     *
     * @param name what it is called in answers
     */
    public record Model(String name, ModelConfig config, ParameterLayout layout, WeightBytes weights) {
        /**
         * A Hugging Face directory, or a {@code config.json} whose weights are elsewhere and taken for 32 bits each.
         * Fails as loading does; no weight is read.
         */
        public static Model of(Path path) {
            if (Files.isRegularFile(path)) {
                ModelConfig config = ConfigJson.read(path);
                ParameterLayout layout = ParameterLayout.of(config);
                return new Model(path.toString(), config, layout, WeightBytes.of(layout, tensor -> false));
            }
            BaseModel base = BaseModel.load(path);
            return new Model(path.toString(), base.config(), base.layout(), base.weightBytes());
        }
    }

    /**
     * What is trained on.
     *
     * @param text whether completions are learnt, and no head
     * @param labels of its head
     * @param earlier how many tasks the model has learnt
     * @param examples in its train split
     */
    public record Task(boolean text, int labels, int earlier, int examples) {}

    /** Tokens of every sequence. */
    public int length() {
        return Math.min(recipe.maxLength(), model.config().maxPositions());
    }

    /** The plan as the recipe says, on a backend. */
    public MemoryPlan plan(BackendMemory backend) {
        return planner(recipe, backend).plan(recipe.microBatch());
    }

    /** What it comes to on a backend of that name. */
    public MemoryAnswer answer(String backend, MemoryLimits limits) {
        BackendMemory memory = BackendMemory.of(backend);
        IntFunction<MemoryPlan> inParts = planner(recipe, memory)::plan;
        int part = limits.most(recipe.batchSize(), inParts);
        MemoryPlan asked = inParts.apply(recipe.microBatch());
        boolean open =
                recipe.microBatch() == 0 && part > 0 && limits.lack(asked).isPresent();
        return new MemoryAnswer(
                this,
                backend,
                limits,
                open ? inParts.apply(part) : asked,
                part,
                limits.most(
                        LARGEST,
                        batch -> planner(recipe.with("batchSize", batch).with("microBatch", 0), memory)
                                .plan(0)));
    }

    private MemoryPlanner planner(Recipe changed, BackendMemory backend) {
        int outputs = task.text() ? 0 : task.labels();
        long owned = WeightCounts.owned(model.layout(), changed) * task.earlier();
        PlannedModel planned = new PlannedModel(model.config(), model.layout(), model.weights(), owned, owned, outputs);
        RunLengths lengths = RunLengths.full(
                task.text(),
                changed.batchSize(),
                length(),
                changed.stop().share() > 0,
                changed.lookback() == Lookback.NONE ? 0 : task.earlier(),
                task.examples(),
                changed.lookback() == Lookback.EXAMPLES
                        ? Math.max(changed.replay().memory(), changed.replay().examined())
                        : 0,
                changed.calibration().borrows(changed.lookback()));
        return new MemoryPlanner(planned, changed, lengths, backend);
    }
}
