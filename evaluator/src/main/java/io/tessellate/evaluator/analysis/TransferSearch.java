package io.tessellate.evaluator.analysis;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.Holding;
import io.tessellate.lineage.ModelLine;
import io.tessellate.runtime.kafka.work.Cancellation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Scores tasks before they were learnt. A task with a head of its own has no such score: its head was learnt with it, and another
 * head would be another number. What reads the model's own head, generation and likelihood, has one.
 */
final class TransferSearch {
    private static final String NO_HEAD = "its head was learnt with it: before that there is none to score it by";
    private static final String FIRST = "the first task: it was trained on the base";

    private final Function<CommittedVersion, Opened> opening;
    private final Consumer<BlameProgress> progress;
    private final Cancellation cancellation;
    private int scored;

    /** A task that can be scored. */
    interface Opened extends AutoCloseable {
        CompositionScores scores();

        String metric();

        int examples();

        /** Whether it reads the model's own head. */
        boolean headless();

        @Override
        void close();
    }

    TransferSearch(
            Function<CommittedVersion, Opened> opening, Consumer<BlameProgress> progress, Cancellation cancellation) {
        this.opening = opening;
        this.progress = progress;
        this.cancellation = cancellation;
    }

    Transfer of(ModelLine line, int version, TransferQuestion question) {
        Holding holding = line.holding(version);
        for (TaskName named : question.bounds().keySet()) {
            if (holding.of(named).isEmpty()) {
                throw new TessellateException(
                        ErrorCode.UNKNOWN_TASK,
                        "a bound is given for task '%s', but version %d of model %s holds %s"
                                .formatted(named, version, line.name(), holding.taskNames()));
            }
        }
        List<TaskTransfer> tasks = new ArrayList<>();
        for (CommittedVersion commit : holding.commits()) {
            cancellation.check();
            try (Opened opened = opening.apply(commit)) {
                tasks.add(task(
                        line,
                        commit,
                        opened,
                        question.bounds().get(commit.task().task())));
            }
        }
        return new Transfer(line.name(), version, tasks, scored);
    }

    private TaskTransfer task(ModelLine line, CommittedVersion commit, Opened opened, @Nullable Double bound) {
        Composition view = Composition.of(line.taskView(commit));
        Composition below = view.toggled(List.of(commit));
        boolean first = below.commits().isEmpty();
        Optional<Scored> untrained = opened.headless()
                ? Optional.of(
                        score(opened, new Composition(List.of(), Optional.empty()), "the base on " + commit.task()))
                : Optional.empty();
        Optional<ScoreChange> before = untrained
                .filter(base -> !first)
                .map(base -> ScoreChange.of(base, score(opened, below, commit.task() + " before it was learnt")));
        Optional<Scored> learnt = bound == null && !opened.headless()
                ? Optional.empty()
                : Optional.of(score(opened, view, commit.task() + " when it was learnt"));
        String undefined = opened.headless() ? first ? FIRST : "" : NO_HEAD;
        return new TaskTransfer(
                commit.task().task(),
                commit.number(),
                below.commits().stream().map(CommittedVersion::number).toList(),
                opened.metric(),
                opened.examples(),
                untrained.map(TaskTransfer.Point::of).orElse(null),
                before.orElse(null),
                learnt.map(TaskTransfer.Point::of).orElse(null),
                bound,
                undefined);
    }

    private Scored score(Opened opened, Composition composition, String what) {
        cancellation.check();
        progress.accept(new BlameProgress(scored, 0, what));
        Scored result = opened.scores().of(composition);
        scored++;
        return result;
    }
}
