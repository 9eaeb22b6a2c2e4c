package io.tessellate.worker;

import io.tessellate.id.ModelName;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.Reservation;
import io.tessellate.lineage.log.Intervention;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.mask.grant.MaskRequest;
import io.tessellate.registry.client.Following;
import io.tessellate.runtime.kafka.work.Cancellation;
import java.util.Optional;
import java.util.function.Consumer;

/** What a worker asks of the mask registry. Every call may take as long as the registry does; a cancellation ends it. */
interface MaskRegistry {
    /** The model now; UNKNOWN_MODEL if it is not registered. */
    ModelLine model(ModelName model);

    /**
     * Asks for the right to commit; takes an earlier reservation of the same run over.
     *
     * @throws io.tessellate.error.TessellateException the code of the refusal, for example CAPACITY
     */
    Reservation reserve(TaskId task, RunId run, MaskRequest request, Cancellation cancellation);

    /** Whether a run has come to its end, as far as is known by now: committed, refused for good, or failed. */
    boolean ended(TaskId task, RunId run);

    /**
     * Tells, once or more, that a person has ended a run: at once if it was ended before, else when it is, in the thread that reads the
     * registry's log.
     *
     * @return ends the telling
     */
    Following whenCancelled(TaskId task, RunId run, Consumer<Intervention.TaskCancelled> stop);

    /** Waits until the registry has decided on the adapter that was published under a token; empty: committed. */
    Optional<RegistryEvent.AdapterRejected> verdict(TaskId task, RunId run, long token, Cancellation cancellation);
}
