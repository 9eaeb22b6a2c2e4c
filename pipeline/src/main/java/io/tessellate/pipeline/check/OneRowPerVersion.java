package io.tessellate.pipeline.check;

import io.tessellate.event.EvaluationCompleted;
import io.tessellate.event.ForgettingRow;
import io.tessellate.event.View;
import io.tessellate.event.ViewScores;
import io.tessellate.pipeline.check.topic.Placed;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Promise 5. The rows of every model are its versions, each once and in their order, and every score in them is the one that
 * was measured.
 */
final class OneRowPerVersion implements Promise {
    @Override
    public int number() {
        return 5;
    }

    @Override
    public String says() {
        return "one complete row per version, without gap or duplicate";
    }

    @Override
    public PromiseVerdict examine(History history) {
        Findings findings = new Findings();
        var rows = History.byName(history.forgetting(), ForgettingRow::getModel);
        var evaluations = History.byName(history.evaluations(), EvaluationCompleted::getModel);
        int versions = 0;
        for (ModelHistory model : history.models()) {
            versions += model.versions().size();
            versionsAreNumbered(model.versions(), findings);
            var own = rows.getOrDefault(model.name(), List.of());
            rowsAreVersions(model, model.versions().size(), own, findings);
            var cells = cells(evaluations.getOrDefault(model.name(), List.of()), findings);
            own.forEach(row -> model.version(row.value().getVersion())
                    .ifPresent(version -> complete(row, version.tasks(), cells, findings)));
        }
        return findings.verdict(
                this,
                "%d rows for %d versions, %d scores"
                        .formatted(
                                history.forgetting().size(),
                                versions,
                                history.evaluations().size()));
    }

    private static void versionsAreNumbered(List<Version> versions, Findings findings) {
        for (int i = 0; i < versions.size(); i++) {
            if (versions.get(i).number() != i + 1) {
                findings.broken(versions.get(i).breach("it is version %d of the model".formatted(i + 1)));
            }
        }
    }

    private static void rowsAreVersions(
            ModelHistory model, int versions, List<Placed<ForgettingRow>> rows, Findings findings) {
        int next = 1;
        for (Placed<ForgettingRow> row : rows) {
            int version = row.value().getVersion();
            if (version != next || version > versions) {
                String what = version > versions ? "there is no such version" : "row %d is due here".formatted(next);
                findings.broken(Breach.of(model.name(), what).version(version).at(row));
            }
            next = Math.max(next, version + 1);
        }
        if (next <= versions) {
            findings.open("%s has versions 1 to %d and rows 1 to %d%s"
                    .formatted(model.name(), versions, next - 1, model.excuse()));
        }
    }

    /** The first measurement of every cell; one that was measured again must say the same. */
    private static Map<Cell, EvaluationCompleted> cells(
            List<Placed<EvaluationCompleted>> evaluations, Findings findings) {
        Map<Cell, EvaluationCompleted> cells = new HashMap<>();
        for (Placed<EvaluationCompleted> placed : evaluations) {
            EvaluationCompleted first = cells.putIfAbsent(Cell.of(placed.value()), placed.value());
            if (first != null && !Cell.same(first, placed.value())) {
                findings.broken(Breach.of(
                                placed.value().getModel(),
                                "the %s view was measured twice: %s, then %s"
                                        .formatted(
                                                placed.value().getView().name().toLowerCase(java.util.Locale.ROOT),
                                                Cell.say(first),
                                                Cell.say(placed.value())))
                        .task(placed.value().getTask())
                        .version(placed.value().getVersion())
                        .at(placed));
            }
        }
        return cells;
    }

    private static void complete(
            Placed<ForgettingRow> row, List<String> tasks, Map<Cell, EvaluationCompleted> cells, Findings findings) {
        ForgettingRow said = row.value();
        if (!said.getTasks().equals(tasks)) {
            findings.broken(breach(row, "it is about %s, the version holds %s".formatted(said.getTasks(), tasks)));
            return;
        }
        scores(row, said.getUnion(), View.UNION, cells, findings);
        scores(row, said.getTask(), View.TASK, cells, findings);
    }

    private static void scores(
            Placed<ForgettingRow> row,
            ViewScores scores,
            View view,
            Map<Cell, EvaluationCompleted> cells,
            Findings findings) {
        List<String> tasks = row.value().getTasks();
        if (scores.getView() != view || scores.getScores().size() != tasks.size()) {
            findings.broken(breach(
                    row,
                    "%d scores of view %s for %d tasks"
                            .formatted(scores.getScores().size(), view, tasks.size())));
            return;
        }
        for (int i = 0; i < tasks.size(); i++) {
            EvaluationCompleted measured =
                    known(cells.get(new Cell(row.value().getVersion(), tasks.get(i), view)), cells);
            double shown = scores.getScores().get(i);
            if (measured == null) {
                findings.broken(breach(row, "view %s was never measured".formatted(view))
                        .task(tasks.get(i)));
            } else if (measured.getNotMeasured() != null) {
                findings.note("%s/%s version %d, view %s: not measured: %s"
                        .formatted(
                                row.value().getModel(),
                                tasks.get(i),
                                row.value().getVersion(),
                                view,
                                measured.getNotMeasured().getCode()));
            } else if (Double.doubleToLongBits(shown) != Double.doubleToLongBits(measured.getScore())) {
                findings.broken(
                        breach(row, "view %s shows %s, measured was %s".formatted(view, shown, measured.getScore()))
                                .task(tasks.get(i)));
            }
        }
    }

    /** What is proven shows what was measured when its task was committed. */
    private static @Nullable EvaluationCompleted known(
            @Nullable EvaluationCompleted measured, Map<Cell, EvaluationCompleted> cells) {
        return measured == null || measured.getProven() == null
                ? measured
                : cells.get(new Cell(measured.getCommittedAs(), measured.getTask(), measured.getView()));
    }

    private static Breach breach(Placed<ForgettingRow> row, String what) {
        return Breach.of(row.value().getModel(), what)
                .version(row.value().getVersion())
                .at(row);
    }
}
