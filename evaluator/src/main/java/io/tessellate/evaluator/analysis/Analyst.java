package io.tessellate.evaluator.analysis;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.evaluator.scoring.TaskProbe;
import io.tessellate.evaluator.scoring.TaskProbes;
import io.tessellate.id.ModelName;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.ModelLine;
import io.tessellate.registry.client.SharedLogs;
import io.tessellate.runtime.kafka.work.Cancellation;
import io.tessellate.runtime.retry.Backoff;
import io.tessellate.runtime.retry.Retry;
import java.util.function.Consumer;

/** Answers what is asked about a model, by scoring. May be asked by several threads; each answer takes its own memory, or waits for it. */
public final class Analyst {
    private final SharedLogs logs;
    private final TaskProbes probes;
    private final AnalysisLog log;

    /**
     * One of a process.
     *
     * @param logs with the lineage; stay the caller's, and have to be started
     */
    public Analyst(SharedLogs logs, TaskProbes probes, AnalysisLog log) {
        this.logs = logs;
        this.probes = probes;
        this.log = log;
    }

    /** A question about a version that holds the task. */
    record Found(BlameQuestion question, ModelLine line, int version, CommittedVersion own) {}

    /** What it is about; UNKNOWN_MODEL, UNKNOWN_TASK, UNKNOWN_VERSION, MODEL_PARKED where there is nothing to ask. */
    Found find(BlameQuestion question) {
        ModelLine line = line(question.task().model());
        int version = question.versionOf(line);
        line.version(version);
        return new Found(question, line, version, question.commitIn(line, version));
    }

    /**
     * Makes sure at once that there is something to ask, and gives what answers, and leaves an event, when it is run.
     *
     * @throws TessellateException UNKNOWN_MODEL, UNKNOWN_TASK, UNKNOWN_VERSION, MODEL_PARKED
     */
    public BlameAsked ask(BlameQuestion question) {
        Found found = find(question);
        return (progress, cancellation) -> answer(found, progress, cancellation);
    }

    /** A question that there is an answer to. */
    @FunctionalInterface
    public interface BlameAsked {
        /** The answer. */
        Blame answer(Consumer<BlameProgress> progress, Cancellation cancellation);
    }

    private Blame answer(Found found, Consumer<BlameProgress> progress, Cancellation cancellation) {
        String name = "blame of %s at version %d".formatted(found.own().task(), found.version());
        try (TaskProbe probe = open(name, found.line(), found.own(), progress, cancellation)) {
            Blame blame = new BlameSearch(new ProbedCompositions(probe), progress, cancellation)
                    .of(
                            found.line(),
                            found.version(),
                            found.own(),
                            probe.metric().label(),
                            found.question().scorings());
            log.publish(blame, found.question().author());
            return blame;
        }
    }

    /**
     * Makes sure at once that there is something to ask, and gives what answers when it is run.
     *
     * @throws TessellateException UNKNOWN_MODEL, UNKNOWN_VERSION, MODEL_PARKED
     */
    public TransferAsked ask(TransferQuestion question) {
        ModelLine line = line(question.model());
        int version = question.version().orElse(line.parent());
        line.holding(version);
        return (progress, cancellation) -> {
            Transfer transfer = new TransferSearch(
                            commit -> new ProbedTask(open(
                                    "transfer of %s".formatted(commit.task()), line, commit, progress, cancellation)),
                            progress,
                            cancellation)
                    .of(line, version, question);
            log.publish(transfer, question.author());
            return transfer;
        };
    }

    /** A question about a model's tasks that there is an answer to. */
    @FunctionalInterface
    public interface TransferAsked {
        /** The answer. */
        Transfer answer(Consumer<BlameProgress> progress, Cancellation cancellation);
    }

    private ModelLine line(ModelName model) {
        ModelLine line = logs.registry().lineage().require(model);
        line.parked().ifPresent(parked -> {
            throw new TessellateException(
                    ErrorCode.MODEL_PARKED, "model %s is parked: %s".formatted(line.name(), parked.reason()));
        });
        return line;
    }

    private TaskProbe open(
            String name,
            ModelLine line,
            CommittedVersion own,
            Consumer<BlameProgress> progress,
            Cancellation cancellation) {
        return new Retry(
                        Backoff.endless(),
                        cancellation,
                        failure -> progress.accept(new BlameProgress(0, 0, "waits: " + failure.getMessage())))
                .call(() -> {
                    cancellation.check();
                    return probes.open(name, line, own);
                });
    }
}
