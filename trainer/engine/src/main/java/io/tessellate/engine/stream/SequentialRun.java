package io.tessellate.engine.stream;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.metric.Score;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.TaskData;
import io.tessellate.engine.objective.TaskScorer;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.train.Trainer;
import io.tessellate.engine.train.TrainingControl;
import io.tessellate.engine.train.TrainingJob;
import io.tessellate.engine.train.TrainingListener;
import io.tessellate.engine.train.TrainingOutcome;
import io.tessellate.engine.train.checkpoint.CheckpointStore;
import io.tessellate.engine.version.EarlierTask;
import io.tessellate.engine.version.ParentVersion;
import io.tessellate.engine.version.Views;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.mask.Mask;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.mask.adapter.VersionDigest;
import io.tessellate.mask.grant.Grant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Trains a stream of tasks one after the other on one model and measures every task at every version in both views: what
 * the pipeline does, without a broker and by the same trainer.
 */
public final class SequentialRun implements AutoCloseable {
    private final Backend backend;
    private final ModelConfig config;
    private final Sha256 base;
    private final Path directory;
    private final TaskScorer scorer;
    private final Views views;
    private final ParameterLayout layout;
    private final List<EarlierTask> learnt = new ArrayList<>();
    private final List<TaskData> known = new ArrayList<>();
    private final List<StreamTask> tasks = new ArrayList<>();
    private final List<StreamResult.Version> versions = new ArrayList<>();
    private VersionDigest version;
    private Mask owned;

    /**
     * A stream of tasks of every objective that begins at a base model.
     *
     * @param base SHA-256 of its weights
     * @param directory where adapters and checkpoints go
     */
    public SequentialRun(Backend backend, BaseModel model, Sha256 base, Path directory) {
        this(backend, model.config(), base, model.weights(backend), directory, new TaskScorer(backend, model));
    }

    /**
     * A stream of tasks with heads of their own, on a model without a tokenizer.
     *
     * @param base SHA-256 of the base's weight file
     * @param weights the base's values; taken over, and closed with this object
     * @param directory where adapters and checkpoints go
     */
    public SequentialRun(Backend backend, ModelConfig config, Sha256 base, Weights weights, Path directory) {
        this(backend, config, base, weights, directory, TaskScorer.ofHeads(backend, config));
    }

    private SequentialRun(
            Backend backend, ModelConfig config, Sha256 base, Weights weights, Path directory, TaskScorer scorer) {
        this.scorer = scorer;
        this.backend = backend;
        this.config = config;
        this.base = base;
        this.directory = directory;
        this.views = new Views(weights, List.of());
        this.version = VersionDigest.base(base);
        this.layout = weights.layout();
        this.owned = Mask.none(weights.layout().eligible());
    }

    /** Says that others own these eligible weights, though their values here are still the base's. */
    public void reserve(Mask others) {
        owned = owned.union(others);
    }

    /** Hands it a dataset that it does not learn: recipes may name it, by its task, to calibrate a mask on. */
    public void know(TaskData data) {
        known.add(data);
    }

    /** Learns the next task and measures all so far. */
    public StreamResult.Version learn(StreamTask task, Recipe given, TrainingListener listener) {
        return learn(owned, task, given, listener);
    }

    /** The same where only these weights are to be had, whether earlier tasks own them or not. */
    public StreamResult.Version learnWithin(Mask free, StreamTask task, Recipe given, TrainingListener listener) {
        return learn(free.complement(), task, given, listener);
    }

    private StreamResult.Version learn(Mask taken, StreamTask task, Recipe given, TrainingListener listener) {
        Recipe recipe = given.on(backend);
        CheckpointStore checkpoints = new CheckpointStore(directory.resolve("checkpoint"));
        TrainingOutcome outcome = new Trainer(backend)
                .train(
                        job(taken, task, recipe),
                        TrainingControl.unattended(checkpoints).with(listener));
        Adapter adapter = outcome.adapter();
        Sha256 digest = AdapterFile.write(file(), adapter);
        checkpoints.delete();
        views.commit(adapter);
        version = version.then(digest);
        owned = owned.union(adapter.mask(owned.space()));
        tasks.add(task.in(recipe.precision()));
        learnt.add(EarlierTask.of(task.data(), Views.headOf(adapter), learnt.size()));
        versions.add(measure(digest, adapter.entries(), outcome.recipe()));
        return versions.get(versions.size() - 1);
    }

    private Path file() {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.STORAGE, directory + " cannot be made", e);
        }
        return directory.resolve("adapter-%d.safetensors".formatted(versions.size() + 1));
    }

    private TrainingJob job(Mask taken, StreamTask task, Recipe recipe) {
        Grant grant = new StandaloneGrants(base).grant(recipe, taken, layout);
        RunId run = RunId.of(task.data().task(), version.value(), recipe.json());
        ParentVersion parent = new ParentVersion(config, base, version, views, taken);
        return new TrainingJob(run, recipe, task.data(), parent, grant, learnt, maskData(recipe));
    }

    private Optional<TaskData> maskData(Recipe recipe) {
        String name = recipe.calibration().maskFrom();
        return known.stream()
                .filter(data -> data.task().task().value().equals(name)
                        || data.task().toString().equals(name))
                .findFirst();
    }

    private StreamResult.Version measure(Sha256 adapter, long entries, Recipe recipe) {
        List<Score> union = IntStream.range(0, tasks.size())
                .mapToObj(t -> score(views.union(), t))
                .toList();
        List<Score> task = IntStream.range(0, tasks.size())
                .mapToObj(t -> score(views.task(t), t))
                .toList();
        return new StreamResult.Version(adapter, entries, union, task, recipe);
    }

    private Score score(Weights weights, int t) {
        StreamTask task = tasks.get(t);
        return scorer.score(weights, learnt.get(t).head(), task.data().objective(), task.measure(), task.eval());
    }

    /** Eligible weights that the tasks so far own. */
    public Mask owned() {
        return owned;
    }

    /** The versions so far. */
    public StreamResult result() {
        return new StreamResult(versions);
    }

    @Override
    public void close() {
        scorer.close();
        views.close();
    }
}
