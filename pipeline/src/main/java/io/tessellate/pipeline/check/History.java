package io.tessellate.pipeline.check;

import io.tessellate.event.EvaluationCompleted;
import io.tessellate.event.ForgettingRow;
import io.tessellate.event.TaskEvent;
import io.tessellate.event.TrainingEvent;
import io.tessellate.lineage.log.LoggedEvent;
import io.tessellate.pipeline.check.topic.DeadLetterEntry;
import io.tessellate.pipeline.check.topic.Placed;
import io.tessellate.pipeline.check.topic.TaskTopics;
import io.tessellate.runtime.blob.BlobStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What the topics held when they were read, each in the order of partition and offset, and where files and datasets lie.
 *
 * @param registry the registry's log
 * @param tasks what ingest said
 * @param trainings what workers said
 * @param evaluations scores of single tasks
 * @param forgetting rows of the matrices
 * @param deadLetters records that were put aside
 * @param oldLettersGone whether some dead letters are older than their topic keeps them
 * @param unreadable records of these topics that are no events of ours
 * @param blobs the files
 * @param topics the datasets
 */
public record History(
        List<Placed<LoggedEvent>> registry,
        List<Placed<TaskEvent>> tasks,
        List<Placed<TrainingEvent>> trainings,
        List<Placed<EvaluationCompleted>> evaluations,
        List<Placed<ForgettingRow>> forgetting,
        List<Placed<DeadLetterEntry>> deadLetters,
        boolean oldLettersGone,
        List<Placed<String>> unreadable,
        BlobStore blobs,
        TaskTopics topics) {
    public History {
        registry = List.copyOf(registry);
        tasks = List.copyOf(tasks);
        trainings = List.copyOf(trainings);
        evaluations = List.copyOf(evaluations);
        forgetting = List.copyOf(forgetting);
        deadLetters = List.copyOf(deadLetters);
        unreadable = List.copyOf(unreadable);
    }

    /** Whether the registry's log speaks of a model. */
    public boolean knows(String model) {
        return registry.stream().anyMatch(event -> event.value().model().value().equals(model));
    }

    /** The part of it that is about some models. */
    History only(Predicate<String> models) {
        return new History(
                keep(registry, entry -> entry.model().value(), models),
                keep(tasks, TaskEvent::getModel, models),
                keep(trainings, TrainingEvent::getModel, models),
                keep(evaluations, EvaluationCompleted::getModel, models),
                keep(forgetting, ForgettingRow::getModel, models),
                keep(deadLetters, letter -> letter.task().replaceFirst("/.*", ""), models),
                oldLettersGone,
                unreadable,
                blobs,
                topics);
    }

    private static <V> List<Placed<V>> keep(List<Placed<V>> all, Function<V, String> model, Predicate<String> models) {
        return all.stream()
                .filter(placed -> models.test(model.apply(placed.value())))
                .toList();
    }

    /** The models the registry's log speaks of, by name. */
    List<ModelHistory> models() {
        return byName(registry, entry -> entry.model().value()).entrySet().stream()
                .map(entry -> new ModelHistory(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** What was said, by whom it is about. */
    static <V> Map<String, List<Placed<V>>> byName(List<Placed<V>> all, Function<V, String> name) {
        Map<String, List<Placed<V>>> groups = new TreeMap<>();
        all.forEach(placed -> groups.computeIfAbsent(name.apply(placed.value()), key -> new ArrayList<>())
                .add(placed));
        return groups;
    }
}
