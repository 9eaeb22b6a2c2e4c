package io.tessellate.registry;

/**
 * What may be asked of the registry, or reported to it. Each variant decides for itself which events follow; none of them
 * changes anything.
 */
sealed interface RegistryCommand
        permits RegisterModel,
                ReserveMask,
                ReleaseReservation,
                CommitAdapter,
                AbandonRun,
                JudgeVersion,
                UnreadableCommand {

    /**
     * Which events follow. Whatever is wrong with the command is an event too; an exception means that nothing could be
     * decided now and that the command must be tried again.
     */
    Decision decide(RegistryState state, OwnershipLedger ledger);
}
