package io.tessellate.pipeline.check;

import io.tessellate.event.ModelParked;
import io.tessellate.event.ModelRegistered;
import io.tessellate.event.Ownership;
import io.tessellate.event.RegistryEvent;
import io.tessellate.pipeline.check.topic.Placed;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Everything the registry's log says about one model, in the order of the log.
 *
 * @param name the model
 * @param events its events
 */
record ModelHistory(String name, List<Placed<RegistryEvent>> events) {
    ModelHistory {
        events = List.copyOf(events);
    }

    /** The registration, if there was one. */
    Optional<ModelRegistered> registered() {
        return events.stream()
                .map(event -> event.value().getModelRegistered())
                .filter(Objects::nonNull)
                .findFirst();
    }

    /** Whether no weight may have two owners. */
    boolean exclusive() {
        return registered()
                .filter(model -> model.getOwnership() == Ownership.EXCLUSIVE)
                .isPresent();
    }

    /** The commits, in the order of the log. */
    List<Commit> commits() {
        return events.stream()
                .filter(event -> event.value().getAdapterCommitted() != null)
                .map(event -> new Commit(name, event.with(event.value().getAdapterCommitted())))
                .toList();
    }

    /** The first commit of each task. */
    Map<String, Commit> commitOfTask() {
        Map<String, Commit> commits = new LinkedHashMap<>();
        commits().forEach(commit -> commits.putIfAbsent(commit.task(), commit));
        return commits;
    }

    /** Why the model waits for a person, if it does. */
    Optional<ModelParked> parked() {
        ModelParked parked = null;
        for (Placed<RegistryEvent> event : events) {
            parked = event.value().getModelParked() != null ? event.value().getModelParked() : parked;
            parked = event.value().getModelResumed() != null ? null : parked;
        }
        return Optional.ofNullable(parked);
    }

    /** What explains that something of the model is not finished; empty if nothing does. */
    String excuse() {
        return parked().map(why -> "; the model is parked: %s: %s".formatted(why.getCode(), why.getReason()))
                .orElse("");
    }
}
