package io.tessellate.engine.version;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.weights.ParameterTensor;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.storage.SharedSegments;
import io.tessellate.id.Sha256;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The bases that lie in a process's memory, each once for all who use it there: lanes that train, scoring, predictions. There is
 * one such store in a process, whoever computes takes from it:
 *
 * <pre>{@code
 * try (Views views = new Views(bases.take(digest, model, backend), adapters)) { ... }
 * }</pre>
 *
 * <p>What is taken is returned by closing it, by itself or with the views it went into. It may be written to like any other
 * weights: a segment that somebody writes to is copied for the writer alone, unless nobody else has it. Nothing is kept beyond
 * the last who has it, so sharing never takes more memory than not to share. Weights of both precisions share the same
 * values, and their rounded copies. May be asked by several threads; what is taken is for one thread at a time, as other weights are.
 */
public final class SharedBases {
    private final Map<Base, SharedSegments> bases = new HashMap<>();

    /** The same weights, laid out alike, where one kind of backend reaches them. */
    private record Base(Sha256 digest, List<ParameterTensor> tensors, String backend) {}

    /**
     * The weights of a base, to be closed by the caller. Reads what of them lies nowhere yet.
     *
     * @param digest what the base is known by; of a {@code model} that was not registered, its own
     * @param model where it is read from
     * @param backend where they are needed, under whose name they are shared
     */
    public Weights take(Sha256 digest, BaseModel model, Backend backend) {
        return model.weights(backend, segments(new Base(digest, model.layout().tensors(), backend.name())));
    }

    private SharedSegments segments(Base base) {
        synchronized (bases) {
            bases.values().removeIf(SharedSegments::isGone);
            return bases.computeIfAbsent(base, any -> new SharedSegments());
        }
    }
}
