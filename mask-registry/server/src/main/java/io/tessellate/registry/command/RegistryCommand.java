package io.tessellate.registry.command;

import io.tessellate.error.ErrorCode;
import io.tessellate.registry.ledger.ModelDamagedException;
import io.tessellate.registry.ledger.OwnershipLedger;

/**
 * What may be asked of the registry, or reported to it. Each variant decides for itself which events follow; none of them
 * changes anything.
 */
public sealed interface RegistryCommand
        permits RegisterModel,
                ReserveMask,
                ReleaseReservation,
                ResumeModel,
                ChampionChange,
                CancelTask,
                DropTask,
                CommitAdapter,
                AbandonRun,
                JudgeVersion,
                UnreadableCommand {

    /**
     * Which events follow. Whatever is wrong with the command is an event too. A
     * {@link io.tessellate.error.RetriableException} means that nothing could be decided now and that the command must be
     * tried again; a {@link ModelDamagedException}, that the model must be parked.
     */
    Decision decide(RegistryState state, OwnershipLedger ledger);

    /** What follows when it is refused, for a reason of its own or of the model's. */
    Decision refused(ErrorCode code, String message);

    /** What becomes of it while its model is parked. */
    default WhileParked whileParked() {
        return WhileParked.DECIDED;
    }

    /** Whether it has to wait until what the model stands at has its verdict. It then tells of work that was done, and is kept. */
    default boolean awaitsVerdict(RegistryState state) {
        return false;
    }

    /** What becomes of a command while its model is parked. */
    enum WhileParked {
        /** It needs none of the model's files. */
        DECIDED,
        /** Whoever asks is told that the model is parked. */
        REFUSED,
        /** It tells of work that was done: it waits until the model goes on. */
        KEPT
    }
}
