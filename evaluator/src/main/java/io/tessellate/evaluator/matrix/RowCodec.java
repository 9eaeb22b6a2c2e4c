package io.tessellate.evaluator.matrix;

import io.tessellate.event.ForgettingRow;
import io.tessellate.event.ViewScores;
import io.tessellate.id.ModelName;
import io.tessellate.id.TaskName;

/** Rows between the domain and {@code forgetting}. */
final class RowCodec {
    private RowCodec() {}

    static ForgettingRow event(MatrixRow row) {
        return ForgettingRow.newBuilder()
                .setModel(row.model().value())
                .setVersion(row.version())
                .setTasks(row.tasks().stream().map(TaskName::value).toList())
                .setMetrics(row.metrics())
                .setUnion(scores(View.UNION, row.union()))
                .setTask(scores(View.TASK, row.task()))
                .setAt(row.at())
                .build();
    }

    private static ViewScores scores(View view, ViewRow row) {
        return ViewScores.newBuilder()
                .setView(EvaluationCodec.event(view))
                .setScores(row.scores())
                .setAverageAccuracy(row.averageAccuracy())
                .setBackwardTransfer(row.backwardTransfer())
                .setForgetting(row.forgetting())
                .setDrops(row.drops())
                .build();
    }

    static MatrixRow row(ForgettingRow event) {
        return new MatrixRow(
                new ModelName(event.getModel()),
                event.getVersion(),
                event.getTasks().stream().map(TaskName::new).toList(),
                event.getMetrics(),
                row(event.getUnion()),
                row(event.getTask()),
                event.getAt());
    }

    private static ViewRow row(ViewScores scores) {
        return new ViewRow(
                scores.getScores(),
                scores.getAverageAccuracy(),
                scores.getBackwardTransfer(),
                scores.getForgetting(),
                scores.getDrops());
    }
}
