package io.tessellate.lineage;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.ModelName;
import io.tessellate.lineage.log.LoggedEvent;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Fold of the registry's log. One thread applies events in the order of the log, any thread reads.
 *
 * <p>Applying an event again changes nothing; an event that skips a sequence number, or contradicts the ones before it,
 * is a defect of the log and throws {@link IllegalStateException}.
 */
public final class Lineage {
    /** How many answers are remembered per model. Commands are answered within seconds and kept for days. */
    private static final int ANSWERS = 4096;

    private final Map<ModelName, ModelFold> folds = new HashMap<>();
    private final TreeMap<ModelName, ModelLine> lines = new TreeMap<>();
    private final Map<ModelName, Map<String, LoggedEvent>> answers = new HashMap<>();

    /** Applies the next event of its model; false if it was applied before. */
    public synchronized boolean apply(LoggedEvent entry) {
        ModelFold fold = folds.computeIfAbsent(entry.model(), ModelFold::new);
        if (!fold.apply(entry)) {
            return false;
        }
        fold.snapshot().ifPresent(line -> lines.put(entry.model(), line));
        if (entry.commandId() != null) {
            Map<String, LoggedEvent> known = answers.computeIfAbsent(entry.model(), model -> newAnswers());
            known.putIfAbsent(entry.commandId(), entry);
        }
        return true;
    }

    /** All registered models by name. */
    public synchronized List<ModelLine> models() {
        return List.copyOf(lines.values());
    }

    /** A model, if it is registered. */
    public synchronized Optional<ModelLine> model(ModelName model) {
        return Optional.ofNullable(lines.get(model));
    }

    /** A model that must be registered. */
    public ModelLine require(ModelName model) {
        return model(model)
                .orElseThrow(() -> new TessellateException(
                        ErrorCode.UNKNOWN_MODEL, "model %s is not registered".formatted(model)));
    }

    /** Sequence number of the model's last event; 0 before the first. */
    public synchronized long sequence(ModelName model) {
        ModelFold fold = folds.get(model);
        return fold == null ? 0 : fold.sequence();
    }

    /** The event that answered a command, if it was answered. Only the last few thousand per model are remembered. */
    public synchronized Optional<LoggedEvent> answer(ModelName model, String commandId) {
        return Optional.ofNullable(answers.getOrDefault(model, Map.of()).get(commandId));
    }

    private static Map<String, LoggedEvent> newAnswers() {
        return new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, LoggedEvent> eldest) {
                return size() > ANSWERS;
            }
        };
    }
}
