package io.tessellate.topic;

import io.tessellate.event.Alert;
import io.tessellate.event.AlertUpdate;
import io.tessellate.event.AnalysisEvent;
import io.tessellate.event.EvaluateTask;
import io.tessellate.event.EvaluationCompleted;
import io.tessellate.event.FilesRemoved;
import io.tessellate.event.ForgettingRow;
import io.tessellate.event.LabelReturned;
import io.tessellate.event.LiveScores;
import io.tessellate.event.PredictionMade;
import io.tessellate.event.RegistryCommand;
import io.tessellate.event.RegistryEvent;
import io.tessellate.event.TaskEvent;
import io.tessellate.event.TaskExample;
import io.tessellate.event.TaskManifest;
import io.tessellate.event.TrainingEvent;
import io.tessellate.event.TrainingProgress;
import io.tessellate.id.TaskId;
import java.util.List;

/**
 * Every topic Tessellate writes or reads. All internal topics but one have the same number of partitions, so that what belongs
 * to one model lies in the same partition number everywhere.
 *
 * @param names the prefixes
 * @param partitions partitions of each internal topic, and of a task topic Tessellate creates
 */
public record TopicCatalogue(TopicNames names, int partitions) {
    static {
        TrustedEvents.install();
    }

    /** Partitions unless configured. */
    public static final int DEFAULT_PARTITIONS = 4;

    /** Partitions of the topic of parallel tasks: as many lanes can train at once, whatever the others' number. */
    public static final int LANES = 32;

    /** The catalogue with the usual number of partitions. */
    public TopicCatalogue(TopicNames names) {
        this(names, DEFAULT_PARTITIONS);
    }

    /** What datasets are; key {@code model/task}. */
    public Topic<TaskManifest> manifests() {
        return control("manifests", TopicKey.TASK, TaskManifest.class, Cleanup.COMPACT);
    }

    /** What ingest says about tasks; key model. */
    public Topic<TaskEvent> tasks() {
        return control("tasks", TopicKey.MODEL, TaskEvent.class, Cleanup.FOR_EVER);
    }

    /** Records put aside, byte for byte; key {@code model/task}. */
    public Topic<byte[]> deadLetters() {
        return control("dead-letters", TopicKey.ANY, byte[].class, Cleanup.days(30));
    }

    /** What is asked of the mask registry; key model. */
    public Topic<RegistryCommand> registryCommands() {
        return control("registry-commands", TopicKey.MODEL, RegistryCommand.class, Cleanup.days(7));
    }

    /**
     * Datasets to be trained beside each other, handed on in the order of {@link #tasks()}; key {@code model/task}. They are dealt out
     * to the partitions in turn, not by key.
     */
    public Topic<TaskEvent> parallelTasks() {
        return new Topic<>(
                names.control("parallel-tasks"),
                TopicKey.TASK,
                TaskEvent.class,
                Math.max(partitions, LANES),
                Cleanup.FOR_EVER,
                Compatibility.FULL);
    }

    /** Begin and end of training runs; key model. */
    public Topic<TrainingEvent> trainings() {
        return control("trainings", TopicKey.MODEL, TrainingEvent.class, Cleanup.FOR_EVER);
    }

    /** How far runs are; key run. */
    public Topic<TrainingProgress> trainingProgress() {
        return control("training-progress", TopicKey.RUN, TrainingProgress.class, Cleanup.days(7));
    }

    /** The mask registry's log, the source of truth; key model. */
    public Topic<RegistryEvent> registry() {
        return control("registry", TopicKey.MODEL, RegistryEvent.class, Cleanup.FOR_EVER);
    }

    /** Tasks to be scored at a version, taken by all evaluators; key {@code model/task}. */
    public Topic<EvaluateTask> evaluationJobs() {
        return control("evaluation-jobs", TopicKey.TASK, EvaluateTask.class, Cleanup.FOR_EVER);
    }

    /** Scores of single tasks; key model. */
    public Topic<EvaluationCompleted> evaluations() {
        return control("evaluations", TopicKey.MODEL, EvaluationCompleted.class, Cleanup.FOR_EVER);
    }

    /** Complete rows of the accuracy matrix; key model. */
    public Topic<ForgettingRow> forgetting() {
        return control("forgetting", TopicKey.MODEL, ForgettingRow.class, Cleanup.FOR_EVER);
    }

    /** What a person should know; key model. */
    public Topic<Alert> alerts() {
        return control("alerts", TopicKey.MODEL_OR_NONE, Alert.class, Cleanup.days(90));
    }

    /** What people asked about a model, and what was found; key model. */
    public Topic<AnalysisEvent> analyses() {
        return control("analyses", TopicKey.MODEL, AnalysisEvent.class, Cleanup.FOR_EVER);
    }

    /** What people do about alerts, and how their sending ended; any key. */
    public Topic<AlertUpdate> alertUpdates() {
        return control("alert-updates", TopicKey.ANY, AlertUpdate.class, Cleanup.days(90));
    }

    /** Records of {@link TopicNames#predict}, answered; key {@code model/task}. */
    public Topic<PredictionMade> predictions() {
        return control("predictions", TopicKey.TASK, PredictionMade.class, Cleanup.days(30));
    }

    /** Records of {@link TopicNames#labels}, read; key {@code model/task}. */
    public Topic<LabelReturned> labels() {
        return control("labels", TopicKey.TASK, LabelReturned.class, Cleanup.days(30));
    }

    /** How tasks do on what they are asked; key model. */
    public Topic<LiveScores> liveScores() {
        return control("live-scores", TopicKey.MODEL, LiveScores.class, Cleanup.days(90));
    }

    /** What people removed from the disk since no event names it; any key. */
    public Topic<FilesRemoved> removals() {
        return control("removals", TopicKey.ANY, FilesRemoved.class, Cleanup.FOR_EVER);
    }

    /** The topic of what a task is to be asked; any key, not one of {@link #all()}. */
    public Topic<TaskExample> predict(TaskId task) {
        return new Topic<>(names.predict(task), TaskExample.class, partitions, Cleanup.days(7), Compatibility.BACKWARD);
    }

    /** The topic a task's records are written to; any key, not one of {@link #all()}. */
    public Topic<TaskExample> task(TaskId task) {
        return new Topic<>(names.task(task), TaskExample.class, partitions, Cleanup.FOR_EVER, Compatibility.BACKWARD);
    }

    /** All internal topics. */
    public List<Topic<?>> all() {
        return List.of(
                manifests(),
                tasks(),
                deadLetters(),
                registryCommands(),
                parallelTasks(),
                trainings(),
                trainingProgress(),
                registry(),
                evaluationJobs(),
                evaluations(),
                forgetting(),
                alerts(),
                alertUpdates(),
                analyses(),
                predictions(),
                labels(),
                liveScores(),
                removals());
    }

    private <V> Topic<V> control(String name, TopicKey key, Class<V> valueType, Cleanup cleanup) {
        return new Topic<>(names.control(name), key, valueType, partitions, cleanup, Compatibility.FULL);
    }
}
