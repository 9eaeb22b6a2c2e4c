package io.tessellate.lineage.log;

import io.tessellate.event.CancelTask;
import io.tessellate.event.DropTask;
import io.tessellate.event.PromoteVersion;
import io.tessellate.event.RegisterModel;
import io.tessellate.event.RegistryCommand;
import io.tessellate.event.ReleaseReservation;
import io.tessellate.event.ReserveMask;
import io.tessellate.event.ResumeModel;
import io.tessellate.event.RollBackVersion;
import io.tessellate.id.ModelName;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import io.tessellate.mask.grant.Exhaustion;
import io.tessellate.mask.grant.MaskRequest;
import java.time.Clock;
import java.util.function.Supplier;

/**
 * Builds what one may ask of the registry, ready to be produced to its command topic with the model as key.
 *
 * <p>Every command carries a fresh id; {@code Lineage.answer} finds the event that answers it. Registering a model again
 * with the base it has is answered by no event: whoever waits looks for the model too.
 */
public final class RegistryCommands {
    private final Clock clock;
    private final Supplier<String> ids;

    /**
     * Commands stamped by a clock.
     *
     * @param ids where fresh command ids come from, for example random UUIDs
     */
    public RegistryCommands(Clock clock, Supplier<String> ids) {
        this.clock = clock;
        this.ids = ids;
    }

    /** Asks for a new model on a base whose files lie in the blob store. */
    public RegistryCommand register(ModelName model, RegistryEvent.ModelRegistered base) {
        return command(model)
                .setRegisterModel(RegisterModel.newBuilder()
                        .setBaseDigest(base.baseDigest().hex())
                        .setFiles(base.files().stream()
                                .map(RegistryEventCodec::toAvro)
                                .toList())
                        .setEligible(RegistryEventCodec.toAvro(base.space()))
                        .setOwnership(RegistryEventCodec.toAvro(base.ownership()))
                        .setForgettingBudget(base.forgettingBudget())
                        .setPromoteUnmeasured(base.promoteUnmeasured())
                        .setOrigin(base.origin())
                        .setTaskBudgets(RegistryEventCodec.toAvro(base.rules().taskBudgets()))
                        .setSignificance(base.rules().significance())
                        .setFailedVersions(base.rules().failed().label())
                        .build())
                .build();
    }

    /** Asks for the right to commit an adapter; the same run asking again takes its reservation over. */
    public RegistryCommand reserve(TaskId task, RunId run, String method, double density, Exhaustion exhaustion) {
        return reserve(task, run, MaskRequest.of(method, density, exhaustion));
    }

    /** The same with everything that can be asked for. */
    public RegistryCommand reserve(TaskId task, RunId run, MaskRequest request) {
        return command(task.model())
                .setReserveMask(ReserveMask.newBuilder()
                        .setTask(task.task().value())
                        .setRunId(run.value())
                        .setMethod(request.method())
                        .setDensity(request.density())
                        .setExhaustion(request.exhaustion().text())
                        .setShared(request.sharedMask())
                        .setParallelFrom(
                                request.parallelFrom().isPresent()
                                        ? request.parallelFrom().getAsInt()
                                        : null)
                        .build())
                .build();
    }

    /** Asks that a parked model goes on. */
    public RegistryCommand resume(ModelName model, String who, String why) {
        return command(model).setResumeModel(new ResumeModel(who, why)).build();
    }

    /** Asks that a later version becomes champion; {@code force} takes one that was not measured, or failed. */
    public RegistryCommand promote(ModelName model, int version, boolean force, Author author) {
        return command(model)
                .setPromoteVersion(new PromoteVersion(version, force, author.who(), author.why()))
                .build();
    }

    /** Asks that an earlier version becomes champion again; {@code force} takes one that was not measured, or failed. */
    public RegistryCommand rollBack(ModelName model, int version, boolean force, Author author) {
        return command(model)
                .setRollBackVersion(new RollBackVersion(version, force, author.who(), author.why()))
                .build();
    }

    /** Asks that a run ends without a version. */
    public RegistryCommand cancel(TaskId task, RunId run, Author author) {
        return command(task.model())
                .setCancelTask(new CancelTask(task.task().value(), run.value(), author.who(), author.why()))
                .build();
    }

    /** Asks that a task's adapter is taken out of the versions to come. */
    public RegistryCommand drop(TaskId task, Author author) {
        return command(task.model())
                .setDropTask(new DropTask(task.task().value(), author.who(), author.why()))
                .build();
    }

    /** Gives a reservation back. */
    public RegistryCommand release(TaskId task, long token, String reason) {
        return command(task.model())
                .setReleaseReservation(ReleaseReservation.newBuilder()
                        .setTask(task.task().value())
                        .setToken(token)
                        .setReason(reason)
                        .build())
                .build();
    }

    private RegistryCommand.Builder command(ModelName model) {
        return RegistryCommand.newBuilder()
                .setCommandId(ids.get())
                .setModel(model.value())
                .setAt(clock.instant());
    }
}
