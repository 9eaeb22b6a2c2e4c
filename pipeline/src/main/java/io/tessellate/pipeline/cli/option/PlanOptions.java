package io.tessellate.pipeline.cli.option;

import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.backend.MemoryRoom;
import io.tessellate.engine.bench.MeasuredMemory;
import io.tessellate.engine.bench.MemoryBench;
import io.tessellate.engine.plan.Bytes;
import io.tessellate.engine.plan.MemoryAnswer;
import io.tessellate.engine.plan.MemoryLimits;
import io.tessellate.engine.plan.MemoryQuestion;
import io.tessellate.engine.precision.Precision;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a training is planned for that nobody runs. */
public final class PlanOptions {
    @Option(
            names = "--plan",
            paramLabel = "MODEL",
            description =
                    "Measure nothing; say how much memory a training of this model takes, part by part, and the largest"
                            + " batch that fits. MODEL: a Hugging Face directory, or a config.json alone.")
    private @Nullable Path model;

    @Option(names = "--batch", paramLabel = "N", description = "Plan: examples per step, as --batch-size.")
    private @Nullable Integer batch;

    @Option(names = "--length", paramLabel = "N", description = "Plan: tokens per example, as --max-length.")
    private @Nullable Integer length;

    @Option(names = "--text", description = "Plan: completions are learnt, not a head.")
    private boolean text;

    @Option(names = "--labels", paramLabel = "N", description = "Plan: classes of the task (default: 2).")
    private @Nullable Integer labels;

    @Option(names = "--tasks", paramLabel = "N", description = "Plan: tasks the model has learnt before (default: 0).")
    private @Nullable Integer tasks;

    @Option(
            names = "--examples",
            paramLabel = "N",
            description = "Plan: examples of the train split, which lie on the heap (default: 10000).")
    private @Nullable Integer examples;

    @Option(
            names = "--memory",
            paramLabel = "80GB",
            description = "Plan: memory of the device, which then need not be here (default: what it has).")
    private @Nullable String memory;

    @Option(
            names = "--measure",
            description = "Plan: run that training as well, on random sequences, and say what the process took"
                    + " (--examples: by default four steps).")
    private boolean measure;

    /** Whether a plan is asked for. */
    public boolean asked() {
        return model != null;
    }

    /** Refuses what means nothing without a plan. */
    public void requireMeant(RecipeOptions recipe) {
        boolean given = batch != null
                || length != null
                || text
                || labels != null
                || tasks != null
                || examples != null
                || memory != null
                || measure
                || !recipe.given().isEmpty();
        if (given && !asked()) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "--batch, --length, --text, --labels, --tasks, --examples, --memory, --measure and the flags of recipes belong to --plan MODEL");
        }
    }

    /** Whether it is to be held against what a training takes. */
    public boolean measured() {
        return measure;
    }

    /** What the training of an answer takes, which is run here. */
    public MeasuredMemory measure(MemoryAnswer answer, String backend) {
        return new MemoryBench(Backends.open(backend)).run(Objects.requireNonNull(model), answer.question());
    }

    /**
     * The answer.
     *
     * @param precision of the passes
     * @param backend name of the backend; opened unless its memory is given
     */
    public MemoryAnswer answer(RecipeOptions flags, Precision precision, String backend) {
        Map<String, Object> fields = flags.given();
        fields.put("precision", precision.label());
        put(fields, "batchSize", batch);
        put(fields, "maxLength", length);
        Recipe recipe = Recipe.of(fields);
        MemoryQuestion.Task task = new MemoryQuestion.Task(
                text,
                atLeast("--labels", labels, 2, 1),
                atLeast("--tasks", tasks, 0, 0),
                atLeast("--examples", examples, measure ? 4 * recipe.batchSize() : 10_000, 1));
        Path path = Objects.requireNonNull(model);
        return new MemoryQuestion(MemoryQuestion.Model.of(path), recipe, task).answer(backend, limits(backend));
    }

    private static void put(Map<String, Object> fields, String name, @Nullable Integer value) {
        if (value != null) {
            fields.put(name, value);
        }
    }

    private static int atLeast(String option, @Nullable Integer given, int otherwise, int least) {
        if (given != null && given < least) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT, "%s is %d but must be at least %d".formatted(option, given, least));
        }
        return given == null ? otherwise : given;
    }

    private MemoryLimits limits(String backend) {
        if (memory == null) {
            return MemoryLimits.of(Backends.open(backend), Long.MAX_VALUE);
        }
        long bytes = Bytes.parse("--memory", memory).count();
        boolean shared = !backend.contains("cuda");
        MemoryRoom room = new MemoryRoom(bytes, bytes, Long.MAX_VALUE, shared, "the device as given");
        return new MemoryLimits(room, Runtime.getRuntime().maxMemory());
    }
}
