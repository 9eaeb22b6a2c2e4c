package io.tessellate.evaluator.matrix;

import io.tessellate.event.ForgettingRow;
import io.tessellate.event.TaskNotMeasured;
import io.tessellate.event.ViewScores;
import io.tessellate.id.ModelName;
import io.tessellate.id.TaskName;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Rows between the domain and {@code forgetting}. */
public final class RowCodec {
    private RowCodec() {}

    public static ForgettingRow event(MatrixRow row) {
        return ForgettingRow.newBuilder()
                .setModel(row.model().value())
                .setVersion(row.version())
                .setTasks(row.tasks().stream().map(TaskName::value).toList())
                .setMetrics(row.metrics())
                .setUnion(scores(View.UNION, row.union()))
                .setTask(scores(View.TASK, row.task()))
                .setAt(row.at())
                .setLeftOut(row.leftOut())
                .setVerdict(VerdictCodec.event(row.verdict()))
                .build();
    }

    private static ViewScores scores(View view, ViewRow row) {
        return ViewScores.newBuilder()
                .setView(EvaluationCodec.event(view))
                .setScores(filled(row.scores()))
                .setAverageAccuracy(row.averageAccuracy() == null ? 0 : row.averageAccuracy())
                .setBackwardTransfer(row.backwardTransfer())
                .setForgetting(row.forgetting())
                .setDrops(filled(row.drops()))
                .setNotMeasured(row.gaps().stream()
                        .map(gap -> new TaskNotMeasured(
                                gap.task().value(), gap.code().name(), gap.reason()))
                        .toList())
                .setExamples(row.examples())
                .setIntervals(
                        row.intervals().stream().map(EvaluationCodec::interval).collect(Collectors.toList()))
                .setProven(row.proven())
                .build();
    }

    private static List<Double> filled(List<@Nullable Double> values) {
        return values.stream()
                .map(value -> value == null ? Double.valueOf(0) : value)
                .toList();
    }

    public static MatrixRow row(ForgettingRow event) {
        List<TaskName> tasks = event.getTasks().stream().map(TaskName::new).toList();
        return new MatrixRow(
                new ModelName(event.getModel()),
                event.getVersion(),
                tasks,
                event.getMetrics(),
                row(tasks, event.getUnion()),
                row(tasks, event.getTask()),
                event.getAt(),
                event.getLeftOut(),
                VerdictCodec.verdict(event.getVerdict()));
    }

    private static ViewRow row(List<TaskName> tasks, ViewScores scores) {
        List<Gap> gaps = scores.getNotMeasured().stream()
                .map(gap -> new Gap(new TaskName(gap.getTask()), EvaluationCodec.code(gap.getCode()), gap.getReason()))
                .toList();
        Set<TaskName> missing = gaps.stream().map(Gap::task).collect(Collectors.toSet());
        return new ViewRow(
                without(missing, tasks, scores.getScores()),
                missing.size() == tasks.size() ? null : Double.valueOf(scores.getAverageAccuracy()),
                scores.getBackwardTransfer(),
                scores.getForgetting(),
                without(missing, tasks, scores.getDrops()),
                gaps,
                scores.getExamples(),
                scores.getIntervals().stream()
                        .map(EvaluationCodec::interval)
                        .collect(Collectors.toCollection(ArrayList::new)),
                scores.getProven());
    }

    private static List<@Nullable Double> without(Set<TaskName> missing, List<TaskName> tasks, List<Double> values) {
        List<@Nullable Double> kept = new ArrayList<>();
        for (int column = 0; column < values.size(); column++) {
            kept.add(column < tasks.size() && missing.contains(tasks.get(column)) ? null : values.get(column));
        }
        return kept;
    }
}
