package io.tessellate.registry.command;

import io.tessellate.id.ModelName;
import io.tessellate.lineage.Lineage;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.Parked;
import io.tessellate.lineage.VersionStanding;
import io.tessellate.lineage.log.FailedVersion;
import io.tessellate.lineage.log.LoggedEvent;
import io.tessellate.lineage.log.RegistryEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the registry knows of one model. {@link #replay} is its only mutation, the same when an event is decided and when
 * the state is rebuilt from the log.
 */
public final class RegistryState {
    private final ModelName model;
    private final Lineage lineage = new Lineage();

    public RegistryState(ModelName model) {
        this.model = model;
    }

    public ModelName model() {
        return model;
    }

    /** The model, if it is registered. */
    Optional<ModelLine> line() {
        return lineage.model(model);
    }

    /** Sequence number of the last event. */
    long sequence() {
        return lineage.sequence(model);
    }

    /** Why the model waits for a person, if it does. */
    public Optional<Parked> parked() {
        return line().flatMap(ModelLine::parked);
    }

    /**
     * Whether commits wait: what the next version would be built on has no verdict yet, and its adapter stays out of later ones if it
     * fails.
     */
    public boolean awaitsVerdict() {
        return line().filter(line -> line.rules().failed() == FailedVersion.QUARANTINE)
                .filter(line -> line.parent() != 0 && line.standing(line.parent()) == VersionStanding.CANDIDATE)
                .isPresent();
    }

    /** Whether a command of this id was answered before. */
    boolean answered(String commandId) {
        return lineage.answer(model, commandId).isPresent();
    }

    /** Applies the next event. */
    public void replay(LoggedEvent entry) {
        if (!entry.model().equals(model) || !lineage.apply(entry)) {
            throw new IllegalStateException("event %d of model %s cannot follow event %d of model %s"
                    .formatted(entry.sequence(), entry.model(), sequence(), model));
        }
    }

    /** Numbers what a command decided, without applying it. The first event answers the command. */
    public List<LoggedEvent> number(Decision decision, @Nullable String commandId, Instant at) {
        List<LoggedEvent> numbered = new ArrayList<>();
        for (RegistryEvent event : decision.events()) {
            String answers = numbered.isEmpty() ? commandId : null;
            numbered.add(new LoggedEvent(model, sequence() + numbered.size() + 1, answers, at, event));
        }
        return numbered;
    }
}
