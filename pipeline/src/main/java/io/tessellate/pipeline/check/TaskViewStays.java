package io.tessellate.pipeline.check;

import io.tessellate.event.EvaluationCompleted;
import io.tessellate.event.View;
import io.tessellate.pipeline.check.topic.Placed;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Promise 3. Every score in the task view is held against the one at the task's own version, predictions included. */
final class TaskViewStays implements Promise {
    @Override
    public int number() {
        return 3;
    }

    @Override
    public String says() {
        return "the task view does not forget";
    }

    @Override
    public PromiseVerdict examine(History history) {
        Findings findings = new Findings();
        var evaluations = History.byName(history.evaluations(), EvaluationCompleted::getModel);
        int compared = 0;
        for (ModelHistory model : history.models()) {
            if (model.exclusive()) {
                compared += compare(model, evaluations.getOrDefault(model.name(), List.of()), findings);
            } else if (model.registered().isPresent()) {
                findings.note(model.name() + " shares its weights between tasks: its task views may change");
            }
        }
        return findings.verdict(this, "%d scores at later versions against the tasks' own".formatted(compared));
    }

    private static int compare(ModelHistory model, List<Placed<EvaluationCompleted>> evaluations, Findings findings) {
        Map<Commit, Placed<EvaluationCompleted>> own = new LinkedHashMap<>();
        for (Placed<EvaluationCompleted> placed : evaluations) {
            EvaluationCompleted measured = placed.value();
            Commit commit = commit(model, measured);
            if (measured.getView() == View.TASK && commit != null && commit.version() == measured.getVersion()) {
                own.putIfAbsent(commit, placed);
            }
        }
        int compared = 0;
        for (Placed<EvaluationCompleted> placed : evaluations) {
            EvaluationCompleted measured = placed.value();
            Placed<EvaluationCompleted> first = own.get(commit(model, measured));
            if (measured.getView() == View.TASK && !placed.equals(first)) {
                compared += compare(model, first == null ? null : first.value(), placed, findings);
            }
        }
        return compared;
    }

    /** What was not scored again has the weights that its task's own version vouches for. */
    private static int proven(ModelHistory model, Placed<EvaluationCompleted> placed, Findings findings) {
        EvaluationCompleted now = placed.value();
        Commit commit = commit(model, now);
        boolean vouched = commit != null
                && commit.event().value().certificate().stream()
                        .filter(entry -> entry.task().value().equals(now.getTask()))
                        .anyMatch(entry -> entry.sha256().hex().equals(now.getProven()));
        if (!vouched) {
            findings.broken(Breach.of(
                            model.name(),
                            "its weights had SHA-256 %s, which its own version does not vouch for"
                                    .formatted(now.getProven()))
                    .task(now.getTask())
                    .version(now.getVersion())
                    .at(placed));
        }
        return 1;
    }

    /** The commit of the adapter that was measured. */
    private static @Nullable Commit commit(ModelHistory model, EvaluationCompleted measured) {
        return model.version(measured.getVersion())
                .flatMap(version -> version.of(measured.getTask()))
                .orElse(null);
    }

    private static int compare(
            ModelHistory model,
            @Nullable EvaluationCompleted first,
            Placed<EvaluationCompleted> placed,
            Findings findings) {
        EvaluationCompleted now = placed.value();
        if (now.getProven() != null) {
            return proven(model, placed, findings);
        }
        String where = "%s/%s version %d".formatted(model.name(), now.getTask(), now.getVersion());
        if (first == null) {
            findings.open(where + ": nothing was measured at the task's own version");
            return 0;
        }
        if (first.getNotMeasured() != null || now.getNotMeasured() != null) {
            findings.note("%s: %s, at the task's own version %s".formatted(where, Cell.say(now), Cell.say(first)));
            return 0;
        }
        if (!Cell.same(first, now)) {
            findings.broken(Breach.of(
                            model.name(),
                            "scores %s, at its own version %d %s"
                                    .formatted(Cell.say(now), first.getVersion(), Cell.say(first)))
                    .task(now.getTask())
                    .version(now.getVersion())
                    .at(placed));
        }
        return 1;
    }
}
