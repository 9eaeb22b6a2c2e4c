package io.tessellate.experiment;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.metric.Score;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.TaskData;
import io.tessellate.engine.objective.TaskScorer;
import io.tessellate.engine.race.Race;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.stream.SequentialRun;
import io.tessellate.engine.stream.StreamResult;
import io.tessellate.engine.stream.StreamTask;
import io.tessellate.engine.version.Views;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.experiment.plan.Job;
import io.tessellate.experiment.task.TaskFolder;
import io.tessellate.id.Sha256;
import io.tessellate.mask.Mask;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.mask.merge.MergedAdapters;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Tasks that are each learnt on the base alone. Their adapters are kept by what they follow from, so arms that differ only
 * in how they merge share them.
 */
final class IndependentTasks {
    private final Job job;
    private final List<StreamTask> tasks;
    private final List<TaskData> known;
    private final BaseModel model;
    private final Backend backend;
    private final Path directory;

    IndependentTasks(
            Job job, List<StreamTask> tasks, List<TaskData> known, BaseModel model, Backend backend, Path directory) {
        this.job = job;
        this.tasks = tasks;
        this.known = known;
        this.model = model;
        this.backend = backend;
        this.directory = directory;
    }

    /** An adapter and the digest of its file. */
    private record Learnt(Adapter adapter, Sha256 digest) {}

    /** What was learnt, task by task. */
    List<Adapter> kept() {
        return adapters().stream().map(Learnt::adapter).toList();
    }

    /** A result for each task, as a stream of one. */
    List<StreamResult> each() {
        List<Learnt> adapters = adapters();
        return IntStream.range(0, tasks.size())
                .mapToObj(t -> {
                    List<Score> alone = List.of(alone(adapters.get(t).adapter(), t));
                    return new StreamResult(List.of(version(adapters.get(t), alone, alone)));
                })
                .toList();
    }

    /** A stream whose version k is the merge of the first k adapters; a task's own view is its adapter alone. */
    StreamResult merged() {
        List<Learnt> learnt = adapters();
        List<Adapter> adapters = learnt.stream().map(Learnt::adapter).toList();
        List<Score> alone = IntStream.range(0, tasks.size())
                .mapToObj(t -> alone(adapters.get(t), t))
                .toList();
        return new StreamResult(IntStream.range(0, tasks.size())
                .mapToObj(t -> version(learnt.get(t), together(adapters.subList(0, t + 1)), alone.subList(0, t + 1)))
                .toList());
    }

    private static StreamResult.Version version(Learnt learnt, List<Score> union, List<Score> task) {
        Recipe recipe = Recipe.parse(learnt.adapter().metadata().recipe());
        return new StreamResult.Version(learnt.digest(), learnt.adapter().entries(), union, task, recipe);
    }

    private List<Score> together(List<Adapter> adapters) {
        try (Weights weights = model.weights(backend);
                TaskScorer scorer = new TaskScorer(backend, model)) {
            weights.apply(MergedAdapters.of(adapters, weights.source(), Objects.requireNonNull(job.merge()))
                    .updates());
            return IntStream.range(0, adapters.size())
                    .mapToObj(t -> score(scorer, weights, adapters.get(t), t))
                    .toList();
        }
    }

    private Score alone(Adapter adapter, int task) {
        try (Weights weights = model.weights(backend);
                TaskScorer scorer = new TaskScorer(backend, model)) {
            weights.apply(adapter);
            return score(scorer, weights, adapter, task);
        }
    }

    private Score score(TaskScorer scorer, Weights weights, Adapter adapter, int t) {
        StreamTask task = tasks.get(t);
        return scorer.score(weights, Views.headOf(adapter), task.data().objective(), task.measure(), task.eval());
    }

    private List<Learnt> adapters() {
        Mask taken = Mask.none(model.layout().eligible());
        List<Learnt> adapters = new ArrayList<>();
        for (int t = 0; t < tasks.size(); t++) {
            Learnt learnt = learn(t, taken);
            adapters.add(learnt);
            taken = job.disjoint() ? taken.union(learnt.adapter().mask(taken.space())) : taken;
        }
        return adapters;
    }

    private Learnt learn(int task, Mask taken) {
        Path kept = directory.resolve("single").resolve(key(task, taken) + ".safetensors");
        if (!Files.exists(kept)) {
            train(task, taken, kept);
        }
        try {
            return new Learnt(AdapterFile.read(kept), Sha256.of(kept));
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.STORAGE, kept + " cannot be read", e);
        }
    }

    private void train(int task, Mask taken, Path kept) {
        Path run = directory.resolve("run");
        try (SequentialRun alone = new SequentialRun(backend, model, model.digest(), run)) {
            alone.reserve(taken);
            known.forEach(alone::know);
            new GivenMasks(job, model).learn(alone, tasks.get(task), task);
        }
        try {
            Files.createDirectories(kept.getParent());
            Files.move(run.resolve("adapter-1.safetensors"), kept, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.STORAGE, kept + " cannot be written", e);
        }
    }

    /** Of all the adapter follows from. */
    private String key(int task, Mask taken) {
        String facts = String.join(
                "\n",
                model.digest().hex(),
                backend.name(),
                job.tasks().get(task).name(),
                job.tasks().get(task).digest().hex(),
                recipe(job.recipes().get(task))
                        + known(job.recipes().get(task), job.tasks().get(task))
                        + (job.within() == null ? "" : "\nwithin " + job.within()),
                taken.cardinality() == 0 ? "" : taken.hashCode() + " " + taken.cardinality());
        return Sha256.of(facts.getBytes(StandardCharsets.UTF_8)).hex();
    }

    private String known(Recipe recipe, TaskFolder task) {
        String rules = String.join("\n", Job.rules(recipe, List.of(task)));
        return job.known().stream()
                .filter(folder -> folder.name().equals(recipe.calibration().maskFrom()))
                .map(folder -> "\n" + folder.digest().hex())
                .reduce(rules, String::concat);
    }

    /** Where something is raced, what is learnt follows from the race's rules too. */
    private static String recipe(Recipe recipe) {
        return recipe.raced().isEmpty() ? recipe.json() : recipe.json() + "\nraced by rules " + Race.RULES;
    }
}
