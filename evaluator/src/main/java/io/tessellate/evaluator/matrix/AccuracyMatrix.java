package io.tessellate.evaluator.matrix;

import io.tessellate.error.ErrorCode;
import io.tessellate.id.ModelName;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The accuracy matrix of a model in one view, as scripts, the command line and the dashboard read it.
 *
 * @param tasks tasks of the newest version in the order of their commits
 * @param metrics metric of each task
 * @param versions numbers of the rows
 * @param matrix one row per version: the score of each of its tasks; null where it could not be computed
 * @param averageAccuracy ACC of the newest version; null before the first
 * @param backwardTransfer BWT of the newest version; null before the second
 * @param forgetting F of the newest version; null before the second
 * @param history the three metrics at every version
 * @param drops per task of the newest version how far it is below its best; null where one of the two is missing
 * @param measured how many tasks of the newest version have a score; the metrics are over these
 * @param gaps scores that could not be computed, in the order of the versions
 * @param leftOut scores that are over a part of their eval split, in the order of the versions
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
        List<PartAt> leftOut) {

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
                List.of());
    }

    /** The matrix that complete rows make up; rows in version order. */
    public static AccuracyMatrix of(ModelName model, View view, List<MatrixRow> rows) {
        if (rows.isEmpty()) {
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
        MatrixRow newest = rows.get(rows.size() - 1);
        ViewRow scores = newest.in(view);
        return new AccuracyMatrix(
                model.value(),
                view,
                newest.tasks().stream().map(Object::toString).toList(),
                newest.metrics(),
                rows.stream().map(MatrixRow::version).toList(),
                rows.stream().map(row -> row.in(view).scores()).toList(),
                scores.averageAccuracy(),
                scores.backwardTransfer(),
                scores.forgetting(),
                rows.stream().map(row -> point(row, view)).toList(),
                scores.drops(),
                scores.scores().size() - scores.gaps().size(),
                rows.stream().flatMap(row -> gaps(row, view)).toList(),
                rows.stream().flatMap(AccuracyMatrix::parts).toList());
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
