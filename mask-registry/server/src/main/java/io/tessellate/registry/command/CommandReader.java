package io.tessellate.registry.command;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.event.ForgettingRow;
import io.tessellate.event.TrainingCompleted;
import io.tessellate.event.TrainingEvent;
import io.tessellate.event.TrainingFailed;
import io.tessellate.id.ModelName;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.log.RaceCodec;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.lineage.log.RegistryEventCodec;
import io.tessellate.mask.grant.Exhaustion;
import io.tessellate.method.MethodName;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads commands out of Avro records. A record with a value out of its range becomes an {@link UnreadableCommand}. */
public final class CommandReader {
    /** Tokens begin at 1. */
    private static final long NO_TOKEN = 0;

    private CommandReader() {}

    public static Optional<CommandEnvelope> read(io.tessellate.event.RegistryCommand avro) {
        ModelName model = new ModelName(avro.getModel());
        return Optional.of(
                CommandEnvelope.asked(model, avro.getCommandId(), readable(() -> command(avro), null, null, null)));
    }

    /** What a training event means to the registry; nothing if it only says that a run goes on. */
    public static Optional<CommandEnvelope> read(TrainingEvent avro) {
        if (avro.getCompleted() == null && (avro.getFailed() == null || !concerns(avro.getFailed()))) {
            return Optional.empty();
        }
        ModelName model = new ModelName(avro.getModel());
        Long token = avro.getCompleted() == null ? null : avro.getCompleted().getToken();
        return Optional.of(CommandEnvelope.reported(
                model, avro, readable(() -> training(avro), avro.getTask(), avro.getRunId(), token)));
    }

    /** A run that held a reservation, or met a file that is not what it was stored as. */
    private static boolean concerns(TrainingFailed failed) {
        return failed.getToken() != null || ErrorCode.BLOB_DAMAGED.name().equals(failed.getCode());
    }

    public static Optional<CommandEnvelope> read(ForgettingRow avro) {
        ModelName model = new ModelName(avro.getModel());
        return Optional.of(CommandEnvelope.reported(model, avro, readable(() -> judge(avro), null, null, null)));
    }

    private static RegistryCommand command(io.tessellate.event.RegistryCommand avro) {
        long set = Stream.of(
                        avro.getRegisterModel(),
                        avro.getReserveMask(),
                        avro.getReleaseReservation(),
                        avro.getResumeModel())
                .filter(Objects::nonNull)
                .count();
        if (set != 1) {
            throw new TessellateException(
                    ErrorCode.UNDECODABLE,
                    "command %s must hold exactly one command, not %d".formatted(avro.getCommandId(), set));
        }
        if (avro.getRegisterModel() != null) {
            return register(avro.getRegisterModel());
        }
        if (avro.getReserveMask() != null) {
            return reserve(avro.getReserveMask());
        }
        if (avro.getResumeModel() != null) {
            return new ResumeModel(
                    avro.getResumeModel().getWho(), avro.getResumeModel().getWhy());
        }
        var release = avro.getReleaseReservation();
        return new ReleaseReservation(new TaskName(release.getTask()), release.getToken(), release.getReason());
    }

    private static RegisterModel register(io.tessellate.event.RegisterModel avro) {
        return new RegisterModel(new RegistryEvent.ModelRegistered(
                new Sha256(avro.getBaseDigest()),
                avro.getFiles().stream().map(RegistryEventCodec::fromAvro).toList(),
                RegistryEventCodec.space(avro.getEligible()),
                RegistryEventCodec.ownership(avro.getOwnership()),
                avro.getForgettingBudget(),
                avro.getPromoteUnmeasured(),
                avro.getOrigin()));
    }

    private static RegistryCommand reserve(io.tessellate.event.ReserveMask avro) {
        return readable(
                () -> new ReserveMask(
                        new TaskName(avro.getTask()),
                        new RunId(avro.getRunId()),
                        MethodName.parse(avro.getMethod()),
                        avro.getDensity(),
                        Exhaustion.parse(avro.getExhaustion()),
                        avro.getShared(),
                        parallelFrom(avro)),
                avro.getTask(),
                avro.getRunId(),
                null);
    }

    private static OptionalInt parallelFrom(io.tessellate.event.ReserveMask avro) {
        return avro.getParallelFrom() == null ? OptionalInt.empty() : OptionalInt.of(avro.getParallelFrom());
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
                        .toList());
    }

    /** The command, whatever values the record has: what breaks a rule of a value is the record's fault. */
    private static RegistryCommand readable(
            Reading reading, @Nullable String task, @Nullable String run, @Nullable Long token) {
        try {
            return reading.read();
        } catch (TessellateException e) {
            return unreadable(e.code(), e, task, run, token);
        } catch (IllegalArgumentException | ArithmeticException | NullPointerException e) {
            return unreadable(ErrorCode.INVALID_ARGUMENT, e, task, run, token);
        }
    }

    private static UnreadableCommand unreadable(
            ErrorCode code, RuntimeException why, @Nullable String task, @Nullable String run, @Nullable Long token) {
        return new UnreadableCommand(
                code, String.valueOf(why.getMessage()), name(task, TaskName::new), name(run, RunId::new), token);
    }

    /** A name if it follows the rule of names; what does not cannot be quoted in an event. */
    private static <N> @Nullable N name(@Nullable String text, java.util.function.Function<String, N> type) {
        try {
            return text == null ? null : type.apply(text);
        } catch (TessellateException e) {
            return null;
        }
    }

    @FunctionalInterface
    private interface Reading {
        RegistryCommand read();
    }
}
