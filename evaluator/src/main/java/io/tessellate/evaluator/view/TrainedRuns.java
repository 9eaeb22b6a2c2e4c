package io.tessellate.evaluator.view;

import io.tessellate.event.TrainingCompleted;
import io.tessellate.event.TrainingEvent;
import io.tessellate.id.Sha256;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** How each adapter was trained: a fold over {@code trainings}, by the adapter's digest. May be read and fed from different threads. */
public final class TrainedRuns {
    private final Map<Sha256, Trained> byAdapter = new ConcurrentHashMap<>();

    /**
     * A training that was brought to its end.
     *
     * @param parentVersion version it trained on; 0 is the base
     * @param trainExamples examples of the train split
     * @param steps optimiser steps, calibration included
     * @param finalLoss mean training loss over the last tenth of the final phase
     * @param seconds wall-clock time of the attempt
     * @param shortened train examples that lost their end to the recipe's maxLength
     * @param cutOff train examples that were left out, because maxLength leaves nothing of their completion
     * @param leftOut earlier tasks that were not replayed, since their records are gone
     * @param environment versions and machine facts that the numbers depend on
     */
    public record Trained(
            int parentVersion,
            long trainExamples,
            long steps,
            double finalLoss,
            double seconds,
            long shortened,
            long cutOff,
            List<String> leftOut,
            Map<String, String> environment) {
        /** Copies the list and the map. */
        public Trained {
            leftOut = List.copyOf(leftOut);
            environment = Map.copyOf(environment);
        }
    }

    /** Takes an event of {@code trainings}. */
    void apply(TrainingEvent event) {
        TrainingCompleted completed = event.getCompleted();
        if (completed != null) {
            byAdapter.put(
                    new Sha256(completed.getAdapter().getSha256()),
                    new Trained(
                            completed.getParentVersion(),
                            completed.getTrainExamples(),
                            completed.getSteps(),
                            completed.getFinalLoss(),
                            completed.getSeconds(),
                            completed.getShortened(),
                            completed.getCutOff(),
                            completed.getLeftOut().stream()
                                    .map(gone -> gone.getTask())
                                    .toList(),
                            new TreeMap<>(completed.getEnvironment())));
        }
    }

    /** How an adapter was trained, as far as is known. */
    public Optional<Trained> of(Sha256 adapter) {
        return Optional.ofNullable(byAdapter.get(adapter));
    }
}
