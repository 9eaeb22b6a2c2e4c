package io.tessellate.worker;

import static java.util.stream.Collectors.toMap;

import io.tessellate.dataset.Example;
import io.tessellate.dataset.Split;
import io.tessellate.dataset.log.ClosedDataset;
import io.tessellate.dataset.log.DatasetReader;
import io.tessellate.dataset.record.RecordDecoder;
import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.data.FittedSplit;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.objective.TaskData;
import io.tessellate.engine.plan.BackendMemory;
import io.tessellate.engine.plan.MemoryPlan;
import io.tessellate.engine.plan.MemoryQuestion;
import io.tessellate.engine.precision.Precision;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.recipe.RequestedWeights;
import io.tessellate.engine.train.Trainer;
import io.tessellate.engine.train.TrainingControl;
import io.tessellate.engine.train.TrainingJob;
import io.tessellate.engine.train.TrainingOutcome;
import io.tessellate.engine.train.checkpoint.CheckpointPolicy;
import io.tessellate.engine.train.checkpoint.CheckpointStore;
import io.tessellate.engine.version.ParentVersion;
import io.tessellate.engine.version.ProcessEngine;
import io.tessellate.engine.version.Views;
import io.tessellate.id.Sha256;
import io.tessellate.lineage.Holding;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.Reservation;
import io.tessellate.lineage.log.StoredFile;
import io.tessellate.mask.Mask;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.mask.grant.Grant;
import io.tessellate.mask.grant.Ownership;
import io.tessellate.registry.client.DatasetLog;
import io.tessellate.runtime.blob.BlobFolder;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.kafka.work.Cancellation;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Training on the engine: fetches base, adapters and datasets, and runs the recipe's method. */
final class EncoderTraining implements TrainingEngine {
    private static final Logger LOG = LoggerFactory.getLogger(EncoderTraining.class);

    private final WorkerSettings settings;
    private final BlobStore blobs;
    private final BlobFolder bases;
    private final DatasetLog datasets;
    private final DatasetReader reader;
    private final MaskDataset borrowed;
    private final Backend backend;
    private final ProcessEngine shared;

    /**
     * An engine of one lane.
     *
     * @param shared with all parts of the process that compute
     */
    EncoderTraining(
            KafkaClients clients,
            BlobStore blobs,
            WorkerSettings settings,
            String lane,
            DatasetLog datasets,
            ProcessEngine shared) {
        this.settings = settings;
        this.blobs = blobs;
        this.bases = new BlobFolder(blobs, settings.data().directory("bases" + lane));
        this.datasets = datasets;
        this.reader =
                DatasetReader.connect(clients.settings().clientProperties(), new RecordDecoder(clients.registry()));
        this.borrowed = new MaskDataset(
                () -> {
                    datasets.awaitCaughtUp(settings.answerPatience());
                    return datasets.datasets();
                },
                reader);
        this.backend = shared.open();
        this.shared = shared;
    }

    @Override
    public TrainedAdapter train(Run run, RunWatch watch, Cancellation cancellation) {
        ModelLine line = run.line();
        int version = run.reservation().parentVersion();
        BaseModel base = base(line);
        sayIfSlow(run);
        Holding holding = line.holding(version);
        FittedSplit fitted = new TaskEncoding(base, run.dataset().manifest())
                .fit(examples(run.dataset()), run.recipe())
                .require(run.task().toString(), run.dataset().manifest().tolerance());
        if (fitted.lost()) {
            LOG.warn("run {} of {}: {}", run.id(), run.task(), fitted.text());
        }
        requireRoom(
                "run %s of %s".formatted(run.id(), run.task()),
                new TaskEncoding(base, run.dataset().manifest()).least(run.task(), run.recipe(), fitted));
        try (Views views = views(base, line, holding)) {
            var earlier = new EarlierTasks();
            if (EarlierTasks.looksBack(run.recipe())) {
                datasets.awaitCaughtUp(settings.answerPatience());
                earlier.add(holding, run.recipe(), run.without(), earlier(base, views));
                earlier.require(run.recipe().calibration());
                earlier.leftOut().forEach(watch::leavesOut);
            }
            Optional<MaskDataset.Borrowed> elsewhere = borrowed.of(run.recipe(), run.dataset());
            TrainingJob job = new TrainingJob(
                    run.id(),
                    elsewhere.map(data -> data.named(run.recipe())).orElse(run.recipe()),
                    new TaskEncoding(base, run.dataset().manifest()).data(run.task(), fitted),
                    parent(base, line, version, views),
                    grant(run.reservation(), run.recipe(), line.ownership()),
                    earlier.found(),
                    elsewhere.map(data -> calibrating(base, data, run.recipe())));
            TrainingOutcome outcome =
                    new Trainer(backend, shared.budget()).train(job, control(run, watch, cancellation));
            return write(run, fitted, outcome, earlier.leftOut());
        }
    }

    /** Data that calibrates a mask and that no version need have learnt. */
    private TaskData calibrating(BaseModel base, MaskDataset.Borrowed borrowed, Recipe recipe) {
        return MaskDataset.naming(recipe, () -> {
            var encoding = new TaskEncoding(base, borrowed.manifest());
            FittedSplit fitted = encoding.fit(borrowed.train(), recipe).require(borrowed.exactly(), 1);
            if (fitted.lost()) {
                LOG.warn("{}: {}", borrowed.exactly(), fitted.text());
            }
            return encoding.data(borrowed.task(), fitted);
        });
    }

    /** Before a weight is read. */
    void requireRoom(String name, MemoryQuestion least) {
        MemoryPlan plan = least.plan(BackendMemory.of(backend));
        shared.budget().admit(name, backend, micro -> plan, 1, 1, 0).close();
    }

    private void sayIfSlow(Run run) {
        if (run.recipe().precision() == Precision.MIXED
                && !backend.products().rounding().fast()) {
            LOG.warn(
                    "run {} is to be mixed, which on backend {} is no faster than fp32: this processor multiplies no bf16 numbers, products are computed {}",
                    run.id(),
                    backend.name(),
                    backend.products().rounding().how());
        }
    }

    @Override
    public double share(ModelLine line, Recipe recipe) {
        return RequestedWeights.share(recipe, () -> base(line).layout());
    }

    BaseModel base(ModelLine line) {
        return BaseModel.load(bases.lay(line.files().stream().collect(toMap(StoredFile::name, StoredFile::sha256))));
    }

    private TrainingControl control(Run run, RunWatch watch, Cancellation cancellation) {
        return new TrainingControl(
                new StepRelay(watch),
                cancellation::isCancelled,
                new CheckpointStore(run.checkpoints()),
                new CheckpointPolicy(Long.MAX_VALUE, settings.checkpointEvery()),
                Clock.systemUTC());
    }

    /** The train split of a closed dataset, read from its offsets. */
    List<Example> examples(ClosedDataset dataset) {
        return reader.read(dataset, Split.TRAIN);
    }

    static ParentVersion parent(BaseModel base, ModelLine line, int version, Views views) {
        Mask owned = views.adapters().stream()
                .map(adapter -> adapter.mask(line.space()))
                .reduce(Mask.none(line.space()), Mask::union);
        return new ParentVersion(base.config(), line.baseDigest(), line.versionDigest(version), views, owned);
    }

    /** What was reserved, as the engine takes it. */
    static Grant grant(Reservation reservation, Recipe recipe, Ownership ownership) {
        if (reservation.lift() == null) {
            return Grant.of(reservation.budget(), recipe.sharedMask());
        }
        Grant grant = Grant.of(reservation.budget(), reservation.lift());
        return ownership == Ownership.SHARED ? grant.overlapping() : grant;
    }

    /** How what a version has learnt is read. */
    EarlierTasks.Reading earlier(BaseModel base, Views views) {
        return new EarlierRecords(datasets, this::examples, base, views);
    }

    /** What a version holds, and what its tasks' own views are made of; each adapter is read once. */
    Views views(BaseModel base, ModelLine line, Holding holding) {
        Map<Sha256, Adapter> read = new HashMap<>();
        List<Adapter> adapters = adapters(holding, read);
        List<List<Adapter>> own = holding.commits().stream()
                .map(commit -> adapters(line.taskView(commit), read))
                .toList();
        return new Views(shared.bases().take(line.baseDigest(), base, backend), adapters, own);
    }

    private List<Adapter> adapters(Holding holding, Map<Sha256, Adapter> read) {
        return holding.files().stream()
                .map(file -> read.computeIfAbsent(file.sha256(), digest -> AdapterFile.read(blobs.fetch(digest))))
                .toList();
    }

    private static TrainedAdapter write(
            Run run, FittedSplit fitted, TrainingOutcome outcome, List<EarlierTasks.LeftOut> leftOut) {
        Path file = run.checkpoints().resolve("adapter.safetensors");
        AdapterFile.write(file, outcome.adapter());
        if (outcome.overwritten() > 0) {
            LOG.warn(
                    "run {} overwrites {} weights that earlier tasks own; their task views stay, the union view changes",
                    run.id(),
                    outcome.overwritten());
        }
        long owned = outcome.adapter().mask(run.line().space()).cardinality();
        return new TrainedAdapter(
                file,
                owned,
                outcome.steps(),
                outcome.finalLoss(),
                fitted.shortened(),
                fitted.cutOff(),
                leftOut,
                outcome.recipe(),
                outcome.race());
    }

    @Override
    public Recipe settled(Recipe recipe) {
        Recipe settled = recipe.on(backend);
        if (!settled.equals(recipe)) {
            LOG.info(
                    "precision auto is {} on backend {}: products of bf16 numbers by {}",
                    settled.precision().label(),
                    backend.name(),
                    backend.products().rounding().how());
        }
        return settled;
    }

    @Override
    public Map<String, String> environment(Recipe recipe) {
        Map<String, String> facts = new TreeMap<>(recipe.precision().of(backend).environment());
        facts.put("java", System.getProperty("java.version"));
        facts.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        facts.put("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
        facts.put("backend", backend.name());
        return facts;
    }

    @Override
    public void close() {
        // Everything native belongs to a run and is closed with it.
    }
}
