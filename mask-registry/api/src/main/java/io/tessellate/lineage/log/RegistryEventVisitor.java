package io.tessellate.lineage.log;

/**
 * One method per kind of event, and no defaults: a kind that is added does not compile until everybody who follows the log says what it
 * makes of it.
 *
 * @param <R> what is made of an event
 */
public interface RegistryEventVisitor<R> {
    /** A model exists. */
    R visit(RegistryEvent.ModelRegistered event);

    /** A command changed nothing. */
    R visit(RegistryEvent.CommandRejected event);

    /** A task may commit. */
    R visit(RegistryEvent.MaskReserved event);

    /** A reservation is gone. */
    R visit(RegistryEvent.ReservationReleased event);

    /** A version exists. */
    R visit(RegistryEvent.AdapterCommitted event);

    /** A version exists that was not trained. */
    R visit(Intervention.VersionComposed event);

    /** The line goes on from another version. */
    R visit(Intervention.ParentChanged event);

    /** An adapter was refused. */
    R visit(RegistryEvent.AdapterRejected event);

    /** The champion changed. */
    R visit(RegistryEvent.VersionPromoted event);

    /** A version is good, and another stays champion. */
    R visit(RegistryEvent.VersionPassed event);

    /** A version was set aside. */
    R visit(RegistryEvent.VersionQuarantined event);

    /** The model waits. */
    R visit(RegistryEvent.ModelParked event);

    /** It goes on. */
    R visit(RegistryEvent.ModelResumed event);

    /** The champion is an earlier one again. */
    R visit(Intervention.VersionRolledBack event);

    /** A run was ended. */
    R visit(Intervention.TaskCancelled event);
}
