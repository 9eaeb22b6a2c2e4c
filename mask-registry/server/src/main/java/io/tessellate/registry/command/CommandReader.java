package io.tessellate.registry.command;

import io.tessellate.error.ErrorCode;
import io.tessellate.event.ForgettingRow;
import io.tessellate.event.TaskVerdict;
import io.tessellate.event.TrainingCompleted;
import io.tessellate.event.TrainingEvent;
import io.tessellate.event.TrainingFailed;
import io.tessellate.event.VersionVerdict;
import io.tessellate.id.ModelName;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.log.RaceCodec;
import io.tessellate.lineage.log.RegistryEventCodec;
import java.util.Comparator;
import java.util.Optional;

/** Reads commands out of Avro records. A record with a value out of its range becomes an {@link UnreadableCommand}. */
public final class CommandReader {
    /** Tokens begin at 1. */
    private static final long NO_TOKEN = 0;

    private static final String FAIL = "FAIL";

    private CommandReader() {}

    public static Optional<CommandEnvelope> read(io.tessellate.event.RegistryCommand avro) {
        ModelName model = new ModelName(avro.getModel());
        return Optional.of(CommandEnvelope.asked(model, avro.getCommandId(), CommandForm.read(avro)));
    }

    /** What a training event means to the registry; nothing if it only says that a run goes on. */
    public static Optional<CommandEnvelope> read(TrainingEvent avro) {
        if (avro.getCompleted() == null && (avro.getFailed() == null || !concerns(avro.getFailed()))) {
            return Optional.empty();
        }
        ModelName model = new ModelName(avro.getModel());
        Long token = avro.getCompleted() == null ? null : avro.getCompleted().getToken();
        var origin = new UnreadableCommand.Origin(avro.getTask(), avro.getRunId(), token);
        return Optional.of(
                CommandEnvelope.reported(model, avro, UnreadableCommand.unless(() -> training(avro), () -> origin)));
    }

    /** A run that held a reservation, or met a file that is not what it was stored as. */
    private static boolean concerns(TrainingFailed failed) {
        return failed.getToken() != null || ErrorCode.BLOB_DAMAGED.name().equals(failed.getCode());
    }

    public static Optional<CommandEnvelope> read(ForgettingRow avro) {
        ModelName model = new ModelName(avro.getModel());
        return Optional.of(CommandEnvelope.reported(
                model, avro, UnreadableCommand.unless(() -> judge(avro), () -> UnreadableCommand.Origin.UNKNOWN)));
    }

    private static RegistryCommand training(TrainingEvent avro) {
        TaskName task = new TaskName(avro.getTask());
        RunId run = new RunId(avro.getRunId());
        TrainingCompleted completed = avro.getCompleted();
        if (completed != null) {
            return new CommitAdapter(
                    task,
                    run,
                    completed.getToken(),
                    completed.getParentVersion(),
                    new Sha256(completed.getBaseDigest()),
                    RegistryEventCodec.fromAvro(completed.getAdapter()),
                    completed.getMethod(),
                    completed.getOwned(),
                    completed.getRecipe(),
                    new Sha256(completed.getDatasetDigest()),
                    RegistryEventCodec.leftOut(completed.getLeftOut()),
                    RaceCodec.fromAvro(completed.getRace()));
        }
        TrainingFailed failed = avro.getFailed();
        return new AbandonRun(
                task,
                run,
                failed.getToken() == null ? NO_TOKEN : failed.getToken(),
                failed.getCode(),
                failed.getCode() + ": " + failed.getMessage());
    }

    private static JudgeVersion judge(ForgettingRow avro) {
        return new JudgeVersion(
                avro.getVersion(),
                avro.getTasks().stream().map(TaskName::new).toList(),
                avro.getUnion().getDrops(),
                avro.getUnion().getNotMeasured().stream()
                        .map(gap -> new JudgeVersion.Gap(
                                new TaskName(gap.getTask()), RegistryEventCodec.code(gap.getCode()), gap.getReason()))
                        .toList(),
                Optional.ofNullable(avro.getVerdict()).map(CommandReader::verdict));
    }

    private static JudgeVersion.Verdict verdict(VersionVerdict avro) {
        JudgeVersion.FailedTask worst = avro.getTasks().stream()
                .filter(task -> FAIL.equals(task.getVerdict()) && task.getDrop() != null)
                .max(Comparator.comparing(TaskVerdict::getDrop))
                .map(task ->
                        new JudgeVersion.FailedTask(new TaskName(task.getTask()), task.getDrop(), task.getBudget()))
                .orElse(null);
        return new JudgeVersion.Verdict(!FAIL.equals(avro.getVerdict()), avro.getReason(), worst);
    }
}
