package io.tessellate.evaluator.matrix;

import io.tessellate.engine.metric.DropTest;
import io.tessellate.evaluator.verdict.TaskVerdict;
import io.tessellate.evaluator.verdict.VerdictLevel;
import io.tessellate.evaluator.verdict.VersionVerdict;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.log.FailedVersion;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Verdicts between the domain and the rows of {@code forgetting}. */
final class VerdictCodec {
    private VerdictCodec() {}

    static io.tessellate.event.@Nullable VersionVerdict event(@Nullable VersionVerdict verdict) {
        return verdict == null
                ? null
                : io.tessellate.event.VersionVerdict.newBuilder()
                        .setVerdict(verdict.verdict().name())
                        .setReason(verdict.reason())
                        .setSignificance(verdict.significance())
                        .setFailed(verdict.failed().label())
                        .setTasks(verdict.tasks().stream()
                                .map(VerdictCodec::event)
                                .toList())
                        .build();
    }

    private static io.tessellate.event.TaskVerdict event(TaskVerdict task) {
        DropTest test = task.test();
        return io.tessellate.event.TaskVerdict.newBuilder()
                .setTask(task.task().value())
                .setVerdict(task.verdict().name())
                .setReason(task.reason())
                .setBudget(task.budget())
                .setBudgetFrom(task.budgetFrom())
                .setDrop(task.drop())
                .setAgainst(task.against())
                .setTest(test == null ? null : test.method().label())
                .setP(test == null ? null : test.p())
                .setCorrected(task.corrected())
                .setLost(test == null ? 0 : test.lost())
                .setWon(test == null ? 0 : test.won())
                .setExamples(task.examples())
                .setUntested(task.untested())
                .build();
    }

    static @Nullable VersionVerdict verdict(io.tessellate.event.@Nullable VersionVerdict avro) {
        return avro == null
                ? null
                : new VersionVerdict(
                        VerdictLevel.valueOf(avro.getVerdict()),
                        avro.getReason(),
                        avro.getSignificance(),
                        FailedVersion.parse(avro.getFailed()),
                        avro.getTasks().stream().map(VerdictCodec::verdict).toList());
    }

    private static TaskVerdict verdict(io.tessellate.event.TaskVerdict avro) {
        return new TaskVerdict(
                new TaskName(avro.getTask()),
                VerdictLevel.valueOf(avro.getVerdict()),
                avro.getReason(),
                avro.getBudget(),
                avro.getBudgetFrom(),
                avro.getDrop(),
                avro.getAgainst(),
                test(avro),
                avro.getCorrected(),
                avro.getExamples(),
                avro.getUntested());
    }

    /** One by a way that this version does not know is none. */
    private static @Nullable DropTest test(io.tessellate.event.TaskVerdict avro) {
        return Arrays.stream(DropTest.Method.values())
                .filter(method -> method.label().equals(avro.getTest()))
                .findFirst()
                .map(method -> new DropTest(method, avro.getP(), avro.getLost(), avro.getWon()))
                .orElse(null);
    }
}
