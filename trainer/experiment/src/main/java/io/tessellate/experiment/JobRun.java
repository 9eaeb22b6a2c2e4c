package io.tessellate.experiment;

import io.tessellate.dataset.Example;
import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.data.FittedSplit;
import io.tessellate.engine.metric.Score;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.Encoding;
import io.tessellate.engine.objective.TaskData;
import io.tessellate.engine.objective.TaskScorer;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.stream.SequentialRun;
import io.tessellate.engine.stream.StreamResult;
import io.tessellate.engine.stream.StreamTask;
import io.tessellate.engine.train.JointTraining;
import io.tessellate.experiment.plan.Job;
import io.tessellate.experiment.plan.Measured;
import io.tessellate.experiment.result.RunOutcome;
import io.tessellate.experiment.task.TaskFolder;
import io.tessellate.id.TaskId;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.text.NumberText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Does one run. */
final class JobRun {
    private final Job job;
    private final BaseModel model;
    private final Backend backend;
    private final Path directory;
    private final Consumer<String> noted;
    private RunOutcome.Extras extras = RunOutcome.Extras.NONE;

    /**
     * A run about to start.
     *
     * @param directory where adapters and checkpoints go
     * @param noted takes a line for every task learnt
     */
    JobRun(Job job, BaseModel model, Backend backend, Path directory, Consumer<String> noted) {
        this.job = job;
        this.model = model;
        this.backend = backend;
        this.directory = directory;
        this.noted = noted;
    }

    /** What was measured beside the scores, once it has run. */
    RunOutcome.Extras extras() {
        return extras;
    }

    /** One stream's result, or one of each task where every task has a model of its own. */
    List<StreamResult> results() {
        return switch (job.protocol()) {
            case SEQUENCE -> List.of(sequence());
            case SINGLE -> alone();
            case JOINT -> jointly();
            case MERGE -> List.of(independent().merged());
        };
    }

    private List<StreamResult> alone() {
        IndependentTasks tasks = independent();
        List<StreamResult> results = tasks.each();
        extras = new RunOutcome.Extras(List.of(), spectra().ofAll(tasks.kept()));
        return results;
    }

    private MaskGaps spectra() {
        return new MaskGaps(model.layout().eligible(), job.measures().contains(Measured.SPECTRUM));
    }

    private IndependentTasks independent() {
        List<StreamTask> tasks = IntStream.range(0, job.tasks().size())
                .mapToObj(t -> encoded(t, job.recipes().get(t)))
                .toList();
        return new IndependentTasks(job, tasks, known(), model, backend, directory);
    }

    /** The data that recipes name, each encoded for the recipe that does. */
    private List<TaskData> known() {
        return job.known().stream().map(this::known).toList();
    }

    private TaskData known(TaskFolder task) {
        Recipe naming = job.recipes().stream()
                .filter(recipe -> recipe.calibration().maskFrom().equals(task.name()))
                .findFirst()
                .orElseThrow();
        try (Encoding encoding = Encoding.of(model.tokenizerFile(), model.config(), naming)) {
            return encode(task, encoding).data();
        }
    }

    private StreamTask encoded(int task, Recipe recipe) {
        try (Encoding encoding = Encoding.of(model.tokenizerFile(), model.config(), recipe)) {
            return encode(job.tasks().get(task), encoding);
        }
    }

    /** Learns the stream's tasks one after the other on a model that begins at the base. */
    private StreamResult sequence() {
        List<Adapter> adapters = new ArrayList<>();
        try (SequentialRun run = new SequentialRun(backend, model, model.digest(), directory.resolve("run"));
                Movement movement = new Movement(model, backend, job.measures().contains(Measured.MOVEMENT))) {
            known().forEach(run::know);
            GivenMasks given = new GivenMasks(job, model);
            for (int t = 0; t < job.tasks().size(); t++) {
                StreamTask task = encoded(t, job.recipes().get(t));
                given.learn(run, task, t);
                Adapter adapter =
                        AdapterFile.read(directory.resolve("run").resolve("adapter-%d.safetensors".formatted(t + 1)));
                given.learnt(adapter);
                adapters.add(adapter);
                movement.learnt(task, adapter);
                noted.accept("%s: %s learnt, union %s"
                        .formatted(
                                job.title(),
                                job.tasks().get(t).name(),
                                scores(run.result().unionScores())));
            }
            extras = new RunOutcome.Extras(movement.moved(), spectra().ofAll(adapters));
            return run.result();
        }
    }

    /** Every task's score by the one model that learnt them all, as if each had been learnt alone. */
    private List<StreamResult> jointly() {
        Recipe recipe = job.recipes().get(job.recipes().size() - 1);
        try (Weights weights = model.weights(backend);
                TaskScorer scorer = new TaskScorer(backend, model)) {
            List<StreamTask> stream = IntStream.range(0, job.tasks().size())
                    .mapToObj(t -> encoded(t, recipe))
                    .toList();
            List<Head> heads;
            List<TaskData> data = stream.stream().map(StreamTask::data).toList();
            try (JointTraining training = new JointTraining(backend, model.config(), weights, data, recipe)) {
                heads = training.train();
            }
            return IntStream.range(0, stream.size())
                    .mapToObj(t -> result(scorer, weights, heads.get(t), stream.get(t), recipe))
                    .toList();
        }
    }

    private static StreamResult result(TaskScorer scorer, Weights weights, Head head, StreamTask task, Recipe recipe) {
        List<Score> score = List.of(scorer.score(weights, head, task.data().objective(), task.measure(), task.eval()));
        return new StreamResult(List.of(
                new StreamResult.Version(weights.digest(), weights.layout().size(), score, score, recipe)));
    }

    private static String scores(List<List<Double>> rows) {
        Stream<Double> last = rows.get(rows.size() - 1).stream();
        return last.map(score -> NumberText.fixed(score, 3)).toList().toString();
    }

    private StreamTask encode(TaskFolder task, Encoding encoding) {
        TaskId id = TaskId.of("experiment", task.name());
        return new StreamTask(
                new TaskData(id, task.objective(), task.labels(), fit(task, encoding, task.train(), "train")),
                task.measure(),
                fit(task, encoding, task.eval(), "eval"));
    }

    /** What is lost to the longest length is said; only a split of which nothing is left is refused. */
    private List<EncodedExample> fit(TaskFolder task, Encoding encoding, List<Example> examples, String split) {
        String what = "%s of %s".formatted(split, task.name());
        FittedSplit fitted = encoding.fit(task.objective(), examples).require(what, 1);
        if (fitted.lost()) {
            noted.accept("%s: %s: %s".formatted(job.title(), what, fitted.text()));
        }
        return fitted.examples();
    }
}
