package io.tessellate.evaluator.matrix;

import io.tessellate.engine.metric.ScoreInterval;
import io.tessellate.error.ErrorCode;
import io.tessellate.id.ModelName;
import io.tessellate.id.TaskName;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The accuracy matrix of a model in one view, as scripts, the command line and the dashboard read it.
 *
 * @param tasks the columns: all tasks that were ever measured, in the order of their first commits
 * @param metrics metric of each task
 * @param versions numbers of the rows
 * @param matrix one row per version: a score for each column up to the last that the version holds; null where it could not be computed,
 *     and where the version does not hold the task
 * @param averageAccuracy ACC of the newest version; null before the first
 * @param backwardTransfer BWT of the newest version; null before the second
 * @param forgetting F of the newest version; null before the second
 * @param history the three metrics at every version
 * @param drops per task how far it is below its best at the newest version; null where one of the two is missing, or the task is not held
 * @param measured how many tasks of the newest version have a score; the metrics are over these
 * @param gaps scores that could not be computed, in the order of the versions
 * @param leftOut scores that are over a part of their eval split, in the order of the versions
 * @param rows what travels with the scores of each version
 */
public record AccuracyMatrix(
        String model,
        View view,
        List<String> tasks,
        List<String> metrics,
        List<Integer> versions,
        List<List<@Nullable Double>> matrix,
        @Nullable Double averageAccuracy,
        @Nullable Double backwardTransfer,
        @Nullable Double forgetting,
        List<Point> history,
        List<@Nullable Double> drops,
        int measured,
        List<GapAt> gaps,
        List<PartAt> leftOut,
        List<Row> rows) {

    /**
     * A version's scores with their uncertainty, and what they came to.
     *
     * @param holds the version's tasks
     * @param cells one for each of them
     * @param verdict whether the version may become champion; null in rows of earlier versions
     */
    public record Row(
            int version,
            List<String> holds,
            List<Cell> cells,
            @Nullable VerdictJson verdict) {
        /** Copies the lists. */
        public Row {
            holds = List.copyOf(holds);
            cells = List.copyOf(cells);
        }
    }

    /**
     * A score.
     *
     * @param score null where it could not be computed
     * @param examples how many it is of; null where that is not known
     * @param low lower end of its interval of 0.95
     * @param high upper end
     * @param interval how that was found: wilson or bootstrap
     * @param proven whether it was not scored at this version, since its weights are those that were scored when its task was committed
     */
    public record Cell(
            String task,
            @Nullable Double score,
            @Nullable Long examples,
            @Nullable Double low,
            @Nullable Double high,
            @Nullable String interval,
            boolean proven) {}

    /** A score that could not be computed. */
    public record GapAt(int version, String task, ErrorCode code, String reason) {}

    /** A score without some examples of its eval split, of whose completions {@code maxLength} leaves nothing. */
    public record PartAt(int version, String task, int examples) {}

    /** The metrics at one version. */
    public record Point(
            int version,
            @Nullable Double averageAccuracy,
            @Nullable Double backwardTransfer,
            @Nullable Double forgetting) {}

    /** Copies the lists. */
    public AccuracyMatrix {
        tasks = List.copyOf(tasks);
        metrics = List.copyOf(metrics);
        versions = List.copyOf(versions);
        matrix = matrix.stream().map(ViewRow::copy).toList();
        history = List.copyOf(history);
        drops = ViewRow.copy(drops);
        gaps = List.copyOf(gaps);
        leftOut = List.copyOf(leftOut);
        rows = List.copyOf(rows);
    }

    /** A matrix without gaps. */
    public AccuracyMatrix(
            String model,
            View view,
            List<String> tasks,
            List<String> metrics,
            List<Integer> versions,
            List<List<@Nullable Double>> matrix,
            @Nullable Double averageAccuracy,
            @Nullable Double backwardTransfer,
            @Nullable Double forgetting,
            List<Point> history,
            List<@Nullable Double> drops) {
        this(
                model,
                view,
                tasks,
                metrics,
                versions,
                matrix,
                averageAccuracy,
                backwardTransfer,
                forgetting,
                history,
                drops,
                tasks.size(),
                List.of(),
                List.of(),
                List.of());
    }

    /** The matrix that complete rows make up; rows in version order. */
    public static AccuracyMatrix of(ModelName model, View view, List<MatrixRow> rows) {
        if (rows.isEmpty()) {
            return empty(model, view);
        }
        MatrixRow newest = rows.get(rows.size() - 1);
        ViewRow scores = newest.in(view);
        List<TaskName> columns =
                rows.stream().flatMap(row -> row.tasks().stream()).distinct().toList();
        return new AccuracyMatrix(
                model.value(),
                view,
                columns.stream().map(Object::toString).toList(),
                columns.stream().map(task -> metric(rows, task)).toList(),
                rows.stream().map(MatrixRow::version).toList(),
                rows.stream()
                        .map(row -> placed(columns, row.tasks(), row.in(view).scores()))
                        .toList(),
                scores.averageAccuracy(),
                scores.backwardTransfer(),
                scores.forgetting(),
                rows.stream().map(row -> point(row, view)).toList(),
                placed(columns, newest.tasks(), scores.drops()),
                scores.scores().size() - scores.gaps().size(),
                rows.stream().flatMap(row -> gaps(row, view)).toList(),
                rows.stream().flatMap(AccuracyMatrix::parts).toList(),
                rows.stream().map(row -> row(row, view)).toList());
    }

    private static AccuracyMatrix empty(ModelName model, View view) {
        return new AccuracyMatrix(
                model.value(),
                view,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                null,
                null,
                null,
                List.of(),
                List.of());
    }

    /** The metric that the newest version that holds a task knows. */
    private static String metric(List<MatrixRow> rows, TaskName task) {
        MatrixRow last = rows.stream()
                .filter(row -> row.tasks().contains(task))
                .reduce((earlier, later) -> later)
                .orElseThrow();
        return last.metrics().get(last.tasks().indexOf(task));
    }

    /** The values of a version's tasks in their columns, up to the last of them. */
    private static List<@Nullable Double> placed(
            List<TaskName> columns, List<TaskName> tasks, List<@Nullable Double> values) {
        int last = tasks.stream().mapToInt(columns::indexOf).max().orElse(-1);
        List<@Nullable Double> placed = new ArrayList<>();
        for (TaskName column : columns.subList(0, last + 1)) {
            int place = tasks.indexOf(column);
            placed.add(place < 0 ? null : values.get(place));
        }
        return placed;
    }

    private static Row row(MatrixRow row, View view) {
        ViewRow scores = row.in(view);
        return new Row(
                row.version(),
                row.tasks().stream().map(TaskName::value).toList(),
                IntStream.range(0, row.tasks().size())
                        .mapToObj(column -> cell(row.tasks().get(column), scores, column))
                        .toList(),
                VerdictJson.of(row.verdict()));
    }

    private static Cell cell(TaskName task, ViewRow scores, int column) {
        ScoreInterval interval = scores.interval(column);
        return new Cell(
                task.value(),
                scores.scores().get(column),
                column < scores.examples().size() ? scores.examples().get(column) : null,
                interval == null ? null : interval.low(),
                interval == null ? null : interval.high(),
                interval == null ? null : interval.method().label(),
                column < scores.proven().size() && scores.proven().get(column));
    }

    private static Stream<PartAt> parts(MatrixRow row) {
        return IntStream.range(0, row.leftOut().size())
                .filter(task -> row.leftOut().get(task) > 0)
                .mapToObj(task -> new PartAt(
                        row.version(),
                        row.tasks().get(task).value(),
                        row.leftOut().get(task)));
    }

    private static Stream<GapAt> gaps(MatrixRow row, View view) {
        return row.in(view).gaps().stream()
                .map(gap -> new GapAt(row.version(), gap.task().value(), gap.code(), gap.reason()));
    }

    private static Point point(MatrixRow row, View view) {
        ViewRow scores = row.in(view);
        return new Point(row.version(), scores.averageAccuracy(), scores.backwardTransfer(), scores.forgetting());
    }
}
