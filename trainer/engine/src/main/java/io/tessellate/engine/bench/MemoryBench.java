package io.tessellate.engine.bench;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.HeadObjective;
import io.tessellate.engine.objective.TaskData;
import io.tessellate.engine.objective.TextObjective;
import io.tessellate.engine.plan.MemoryQuestion;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.stream.StandaloneGrants;
import io.tessellate.engine.train.Trainer;
import io.tessellate.engine.train.TrainingControl;
import io.tessellate.engine.train.TrainingJob;
import io.tessellate.engine.train.TrainingOutcome;
import io.tessellate.engine.train.checkpoint.CheckpointStore;
import io.tessellate.engine.version.ParentVersion;
import io.tessellate.engine.version.Views;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.StorageFailure;
import io.tessellate.error.TessellateException;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import io.tessellate.mask.Mask;
import io.tessellate.mask.adapter.VersionDigest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Runs the training that a plan is about, on random sequences of the longest length, and says what it took. The largest resident
 * set is the process's whole life's, so that a process is good for one measurement.
 */
public final class MemoryBench {
    private static final long SEED = 1;
    /** Nothing is learnt from random tokens, and no rate takes more memory than another. */
    private static final double RATE = 1e-6;

    private final Backend backend;

    /** A measurement on a backend that is open. */
    public MemoryBench(Backend backend) {
        this.backend = backend;
    }

    /**
     * Trains once through the examples, with one epoch of each phase.
     *
     * @param path of the question's model: a directory, or a configuration whose weights are then drawn
     * @throws TessellateException INVALID_ARGUMENT if the question is about a model that has learnt tasks
     */
    public MeasuredMemory run(Path path, MemoryQuestion question) {
        if (question.task().earlier() > 0) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "what a training takes is measured on a model without tasks, not one with %d"
                            .formatted(question.task().earlier()));
        }
        long idle = PeakMemory.bytes();
        try (MemorySampler sampler = new MemorySampler(backend)) {
            Path checkpoints = Files.createTempDirectory("tessellate-memory");
            try (Views views = new Views(weights(path, question), List.of())) {
                TrainingOutcome outcome = new Trainer(backend)
                        .train(job(question, views), TrainingControl.unattended(new CheckpointStore(checkpoints)));
                sampler.look();
                return new MeasuredMemory(PeakMemory.bytes(), sampler.vectors(), sampler.heap(), idle, outcome.steps());
            } finally {
                StorageBench.delete(checkpoints);
            }
        } catch (IOException e) {
            throw StorageFailure.of("no temporary directory", e);
        }
    }

    private Weights weights(Path path, MemoryQuestion question) {
        return Files.isDirectory(path)
                ? BaseModel.load(path).weights(backend)
                : BenchModel.weights(backend, question.model().layout(), SEED);
    }

    private static TrainingJob job(MemoryQuestion question, Views views) {
        Sha256 base = Sha256.of(question.model().name().getBytes(StandardCharsets.UTF_8));
        Mask owned = Mask.none(question.model().layout().eligible());
        Recipe recipe = question.recipe().with("epochs", 1).with("minSteps", 0).with("learningRate", RATE);
        ParentVersion parent =
                new ParentVersion(question.model().config(), base, VersionDigest.base(base), views, owned);
        return new TrainingJob(
                new RunId("measured"),
                recipe,
                data(question),
                parent,
                new StandaloneGrants(base).grant(recipe, owned, question.model().layout()),
                List.of());
    }

    private static TaskData data(MemoryQuestion question) {
        boolean text = question.task().text();
        SplittableRandom random = new SplittableRandom(SEED);
        List<EncodedExample> examples = IntStream.range(0, question.task().examples())
                .mapToObj(i -> new EncodedExample(
                        sequence(question.model().config(), question.length(), random),
                        text ? 1 : random.nextInt(question.task().labels())))
                .toList();
        return text
                ? new TaskData(TaskId.of("bench", "memory"), TextObjective.GENERATION, 0, examples)
                : new TaskData(
                        TaskId.of("bench", "memory"),
                        HeadObjective.CLASSIFICATION,
                        question.task().labels(),
                        examples);
    }

    private static TokenSequence sequence(ModelConfig config, int length, SplittableRandom random) {
        return new TokenSequence(random.ints(length, 0, config.vocabulary()).toArray(), new int[length]);
    }
}
