package io.tessellate.evaluator.dashboard;

import io.tessellate.evaluator.alert.AlertJson;
import io.tessellate.evaluator.live.LiveJson;
import io.tessellate.evaluator.matrix.AccuracyMatrix;
import io.tessellate.evaluator.matrix.View;
import io.tessellate.evaluator.view.OwnershipBook.Tessellation;
import io.tessellate.evaluator.view.TaskStatus;
import io.tessellate.id.ModelName;
import io.tessellate.lineage.ModelLine;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The sections of the dashboard, made from the folds. */
final class DashboardState {
    private final DashboardSources sources;
    private final List<PageSection> sections;

    DashboardState(DashboardSources sources) {
        this.sources = sources;
        this.sections = List.of(
                new PageSection("models", sources.lineageRevision(), this::models),
                new PageSection("tasks", sources.tasks()::revision, this::tasks),
                new PageSection("matrices", () -> matrixRevision(sources), this::matrices),
                new PageSection("tessellations", sources.ownership()::revision, this::tessellations),
                new PageSection("deadLetters", sources.deadLetters()::revision, sources.deadLetters()::entries),
                new PageSection("alerts", sources.alerts()::revision, this::alerts),
                new PageSection("live", sources.live()::revision, this::live));
    }

    private static long matrixRevision(DashboardSources sources) {
        return sources.matrices().revision() + sources.lineage().models().size();
    }

    List<PageSection> sections() {
        return sections;
    }

    /** All sections at once. */
    Map<String, Object> snapshot() {
        Map<String, Object> all = new LinkedHashMap<>();
        sections.forEach(section -> all.put(section.name(), section.content().get()));
        return all;
    }

    private List<PageModelJson> models() {
        return sources.lineage().models().stream().map(PageModelJson::of).toList();
    }

    private List<Map<String, @Nullable Object>> tasks() {
        return tasks(model -> true);
    }

    /** Tasks of the models that are asked for. */
    List<Map<String, @Nullable Object>> tasks(Predicate<ModelName> asked) {
        return sources.tasks().tasks().stream()
                .filter(status -> asked.test(status.id().model()))
                .map(TaskStatus::toJson)
                .toList();
    }

    private Map<String, Map<View, AccuracyMatrix>> matrices() {
        Map<String, Map<View, AccuracyMatrix>> all = new LinkedHashMap<>();
        for (ModelLine model : sources.lineage().models()) {
            Map<View, AccuracyMatrix> views = new LinkedHashMap<>();
            for (View view : View.values()) {
                views.put(view, sources.matrices().matrix(model.name(), view));
            }
            all.put(model.name().value(), views);
        }
        return all;
    }

    private Map<String, Tessellation> tessellations() {
        Map<String, Tessellation> all = new LinkedHashMap<>();
        for (ModelLine model : sources.lineage().models()) {
            sources.ownership()
                    .tessellation(model.name())
                    .ifPresent(shares -> all.put(model.name().value(), shares));
        }
        return all;
    }

    private List<AlertJson> alerts() {
        return alerts(model -> true);
    }

    /** Alerts of the models that are asked for, and those about no model, newest first. */
    List<AlertJson> alerts(Predicate<ModelName> asked) {
        return sources.alerts().alerts(Instant.now()).stream()
                .filter(listed -> {
                    ModelName model = listed.alert().model();
                    return model == null || asked.test(model);
                })
                .map(AlertJson::of)
                .toList();
    }

    private List<LiveJson> live() {
        return sources.live().standings().stream()
                .map(standing -> LiveJson.of(
                        standing, sources.matrices().rows(standing.task().model())))
                .toList();
    }

    /** A model's matrix; UNKNOWN_MODEL unless the model is registered. */
    AccuracyMatrix matrix(ModelName model, View view) {
        return sources.matrices().matrix(sources.lineage().require(model).name(), view);
    }

    /** A model's tensors and their owners; UNKNOWN_MODEL unless the model is registered. */
    Tessellation tessellation(ModelName model) {
        return sources.ownership()
                .tessellation(sources.lineage().require(model).name())
                .orElse(new Tessellation(0, List.of()));
    }
}
