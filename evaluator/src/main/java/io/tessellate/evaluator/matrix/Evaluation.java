package io.tessellate.evaluator.matrix;

import io.tessellate.engine.metric.ScoreInterval;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.ModelName;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One task at one version in one view: its score, or why it has none.
 *
 * @param versionTasks tasks of the version in the order of their commits
 * @param committedAs version the task was committed as
 * @param budget largest drop that the task's manifest allows later versions
 */
public record Evaluation(
        ModelName model,
        int version,
        List<TaskName> versionTasks,
        TaskName task,
        View view,
        String metric,
        Result result,
        Instant at,
        int committedAs,
        Optional<Double> budget) {

    /** One whose task was committed as the version of its place, as it is where no adapter was ever taken out. */
    public Evaluation(
            ModelName model,
            int version,
            List<TaskName> versionTasks,
            TaskName task,
            View view,
            String metric,
            Result result,
            Instant at) {
        this(
                model,
                version,
                versionTasks,
                task,
                view,
                metric,
                result,
                at,
                versionTasks.indexOf(task) + 1,
                Optional.empty());
    }

    /** Where the predictions lie. */
    public record Hits(String name, Sha256 sha256, long bytes) {}

    /** What came out. */
    public sealed interface Result {
        /** The score, if there is one. */
        Optional<Measured> measured();

        /** The gap it leaves in the row, if it leaves one. */
        Optional<Gap> gap(TaskName task);
    }

    /**
     * A score.
     *
     * @param examples how many were scored
     * @param leftOut how many of the split were not, since nothing of them was left to score
     * @param predictions digest over the predictions in order; equal digests mean identical predictions
     * @param hits the file with the prediction of every example
     * @param interval uncertainty of the score; null in records of earlier versions
     */
    public record Measured(
            double score,
            long examples,
            int leftOut,
            Sha256 predictions,
            Hits hits,
            @Nullable ScoreInterval interval) implements Result {
        /** Refuses what is no score. */
        public Measured {
            if (!Double.isFinite(score)) {
                throw invalid("score %s must be finite".formatted(score));
            }
        }

        /** A score over the whole split. */
        public Measured(double score, long examples, Sha256 predictions, Hits hits) {
            this(score, examples, 0, predictions, hits, null);
        }

        /** A score of unknown uncertainty. */
        public Measured(double score, long examples, int leftOut, Sha256 predictions, Hits hits) {
            this(score, examples, leftOut, predictions, hits, null);
        }

        @Override
        public Optional<Measured> measured() {
            return Optional.of(this);
        }

        @Override
        public Optional<Gap> gap(TaskName task) {
            return Optional.empty();
        }
    }

    /**
     * Not scored, since it needs no score: the task's own weights are the bytes that were certified when it was committed, and so is
     * everything below them. What holds is what was measured then.
     *
     * @param weights their SHA-256, computed now
     */
    public record Proven(Sha256 weights) implements Result {
        @Override
        public Optional<Measured> measured() {
            return Optional.empty();
        }

        @Override
        public Optional<Gap> gap(TaskName task) {
            return Optional.empty();
        }
    }

    /** Why there is no score: something that does not pass by itself. */
    public record NotMeasured(ErrorCode code, String reason) implements Result {
        private static final int LONGEST_REASON = 2000;

        /** Keeps what fits into a record. */
        public NotMeasured {
            reason = reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON) + " ...";
        }

        @Override
        public Optional<Measured> measured() {
            return Optional.empty();
        }

        @Override
        public Optional<Gap> gap(TaskName task) {
            return Optional.of(new Gap(task, code, reason));
        }
    }

    /** Refuses what cannot be a cell of a matrix. */
    public Evaluation {
        versionTasks = List.copyOf(versionTasks);
        if (version < 1) {
            throw invalid("version %d of %s must be at least 1".formatted(version, model));
        }
        if (versionTasks.size() > version || versionTasks.stream().distinct().count() != versionTasks.size()) {
            throw invalid("version %d of %s must have no more tasks, each once, not %s"
                    .formatted(version, model, versionTasks));
        }
        if (!versionTasks.contains(task)) {
            throw invalid("task '%s' is none of version %d's tasks %s".formatted(task, version, versionTasks));
        }
    }

    /** The same cell in the other view, where both are the same weights. */
    public Evaluation in(View other) {
        return new Evaluation(model, version, versionTasks, task, other, metric, result, at, committedAs, budget);
    }

    /** The same cell with what is known of it from elsewhere. */
    public Evaluation with(Result known) {
        return new Evaluation(model, version, versionTasks, task, view, metric, known, at, committedAs, budget);
    }

    /** Whether its task is the one that the version was made by training. */
    public boolean isOwn() {
        return committedAs == version;
    }

    /** How many examples were scored. */
    public long examples() {
        return result.measured().map(Measured::examples).orElse(0L);
    }

    /** How many examples of the split were not, since nothing of them was left to score. */
    public int leftOut() {
        return result.measured().map(Measured::leftOut).orElse(0);
    }

    private static TessellateException invalid(String message) {
        return new TessellateException(ErrorCode.INVALID_FIELD, message);
    }
}
