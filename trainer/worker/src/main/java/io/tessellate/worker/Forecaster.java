package io.tessellate.worker;

import io.tessellate.dataset.log.ClosedDataset;
import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.data.FittedSplit;
import io.tessellate.engine.forecast.ForecastQuestion;
import io.tessellate.engine.forecast.MaskForecast;
import io.tessellate.engine.forecast.TaskOutlook;
import io.tessellate.engine.method.PlanRequest;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.objective.TaskData;
import io.tessellate.engine.plan.MemoryPlan;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.stream.StandaloneGrants;
import io.tessellate.engine.train.Trainer;
import io.tessellate.engine.train.TrainingControl;
import io.tessellate.engine.train.TrainingJob;
import io.tessellate.engine.version.EarlierTask;
import io.tessellate.engine.version.ParentVersion;
import io.tessellate.engine.version.ProcessEngine;
import io.tessellate.engine.version.Views;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.RunId;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.Holding;
import io.tessellate.lineage.ModelLine;
import io.tessellate.mask.Mask;
import io.tessellate.mask.expander.QuasiCyclicLift;
import io.tessellate.mask.grant.ExpanderClass;
import io.tessellate.mask.grant.Grant;
import io.tessellate.mask.grant.Ownership;
import io.tessellate.method.Trait;
import io.tessellate.registry.client.SharedLogs;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.runtime.config.DataDirectory;
import io.tessellate.runtime.kafka.KafkaClients;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Says before a training which weights it would choose, who owns what it wants, what is left, and how its gradient lies to those of
 * earlier tasks. It goes the way of a training up to its first mask, with the same code; nothing is reserved or committed.
 */
public final class Forecaster {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final SharedLogs logs;
    private final ProcessEngine engine;
    private final EncoderTraining training;

    /**
     * One that computes in this process.
     *
     * @param logs stay the caller's, and have to be started
     * @param data directory of its own, for unpacked base models
     */
    public Forecaster(
            KafkaClients clients, SharedLogs logs, BlobStore blobs, DataDirectory data, ProcessEngine engine) {
        this.logs = logs;
        this.engine = engine;
        this.training =
                new EncoderTraining(clients, blobs, WorkerSettings.of(data, 1), "-forecast", logs.datasets(), engine);
    }

    /**
     * The answer for the version that the next task of the model would be trained on.
     *
     * @param costs told, before anything is computed, what it takes
     * @throws TessellateException UNKNOWN_MODEL, MODEL_PARKED; INVALID_RECIPE for a method that the model does not allow; CAPACITY where no
     *     class of an expander is left; NOT_ENOUGH_MEMORY
     */
    public TaskOutlook forecast(ForecastQuestion question, Consumer<String> costs, TrainingControl control) {
        ModelLine line = logs.registry().lineage().require(question.task().model());
        requireAllowed(line, question.recipe());
        Holding holding = line.holding();
        BaseModel base = training.base(line);
        Backend backend = engine.open();
        Recipe recipe = question.recipe().on(backend);
        TaskEncoding encoding = new TaskEncoding(base, question.manifest());
        FittedSplit fitted = encoding.fit(question.train(), recipe)
                .require(question.task().toString(), question.manifest().tolerance());
        TaskData data = encoding.data(question.task(), fitted);
        training.requireRoom(
                "forecast of %s".formatted(question.task()), encoding.least(question.task(), recipe, fitted));
        try (Views views = training.views(base, line, holding)) {
            logs.datasets().awaitCaughtUp(PATIENCE);
            EarlierTasks earlier = new EarlierTasks();
            earlier.addWhole(holding, recipe, training.earlier(base, views));
            ParentVersion parent = EncoderTraining.parent(base, line, line.parent(), views);
            earlier.require(recipe.calibration());
            TrainingJob job = job(line, recipe, data, parent, earlier.found());
            Trainer trainer = new Trainer(backend, engine.budget());
            costs.accept(costs(trainer.plan(job), job, earlier.found(), question.share()));
            MaskForecast mask = trainer.forecast(job, earlier.found(), question.share(), control);
            return new TaskOutlook(
                    question.task(),
                    line.parent(),
                    mask,
                    owners(holding, views, mask.wanted()),
                    more(job.grant(), mask),
                    earlier.leftOut().stream()
                            .map(left -> "%s: %s".formatted(left.task(), left.reason()))
                            .toList());
        }
    }

    /** The same of a dataset that lies in its topic: it is read from its offsets, and its recipe is its manifest's. */
    public TaskOutlook forecast(ClosedDataset dataset, double share, Consumer<String> costs, TrainingControl control) {
        Recipe recipe = Recipe.of(dataset.manifest().recipe());
        ForecastQuestion question =
                new ForecastQuestion(dataset.task(), dataset.manifest(), training.examples(dataset), recipe, share);
        return forecast(question, costs, control);
    }

    private static void requireAllowed(ModelLine line, Recipe recipe) {
        line.parked().ifPresent(parked -> {
            throw new TessellateException(
                    ErrorCode.MODEL_PARKED, "model %s is parked: %s".formatted(line.name(), parked.reason()));
        });
        if (recipe.calibration().source().isElsewhere()) {
            throw new TessellateException(
                    ErrorCode.INVALID_RECIPE,
                    "recipe field 'maskFrom' is %s; a forecast calibrates on the dataset itself or on a task of version %d, which holds %s"
                            .formatted(
                                    recipe.calibration().maskFrom(),
                                    line.parent(),
                                    line.holding().taskNames()));
        }
        if (line.ownership() == Ownership.EXCLUSIVE && recipe.methodName().has(Trait.MAY_OVERLAP)) {
            throw new TessellateException(
                    ErrorCode.INVALID_RECIPE,
                    "method %s lets tasks overwrite each other, which model %s does not allow: its ownership is exclusive"
                            .formatted(recipe.method(), line.name()));
        }
    }

    private static TrainingJob job(
            ModelLine line, Recipe recipe, TaskData data, ParentVersion parent, List<EarlierTask> earlier) {
        Grant grant = new StandaloneGrants(line.baseDigest())
                .grant(recipe, parent.owned(), parent.views().union().layout());
        RunId run = RunId.of(data.task(), parent.digest().value(), recipe.json());
        return new TrainingJob(run, recipe, data, parent, grant, earlier, Optional.empty());
    }

    private static String costs(MemoryPlan plan, TrainingJob job, List<EarlierTask> earlier, double share) {
        return "a training would take up to %d MiB, and so may this; looks at %d of %d examples, and at what is remembered of %d earlier tasks"
                .formatted(
                        plan.peak(true).all() >> 20,
                        Math.max(1, Math.round(share * job.data().train().size())),
                        job.data().train().size(),
                        earlier.stream().filter(EarlierTask::isRemembered).count());
    }

    private static List<TaskOutlook.Owner> owners(Holding holding, Views views, Mask wanted) {
        return IntStream.range(0, holding.size())
                .mapToObj(i -> {
                    CommittedVersion commit = holding.commits().get(i);
                    Mask own = views.adapters().get(i).mask(wanted.space());
                    return new TaskOutlook.Owner(
                            commit.task().task(), commit.number(), own.cardinality(), own.intersectionSize(wanted));
                })
                .toList();
    }

    /** Behind the one that was asked about: of a structure that is fixed whole classes, else weights that are targeted and free. */
    private static long more(Grant grant, MaskForecast mask) {
        if (mask.chosen().isEmpty()) {
            return 0;
        }
        Mask taken = mask.owned().union(mask.chosen().get());
        if (grant.lift().isPresent()) {
            ExpanderClass of = grant.lift().get();
            QuasiCyclicLift lift = new QuasiCyclicLift(taken.space(), of.lift(), of.seed(), of.shared());
            return IntStream.range(0, lift.classes())
                    .filter(one -> !lift.intersects(one, taken))
                    .count();
        }
        long each = Math.max(
                1,
                PlanRequest.inAll(
                        mask.targeted(), mask.recipe().density(), mask.recipe().refreshes()));
        return mask.targeted().minus(taken).cardinality() / each;
    }
}
