package io.tessellate.engine.model.pass;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.model.config.ModelConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The memory of an encoder's passes, as large as the largest batch so far needs, and views of it for each shape of batch. It
 * grows a few times at the start and then no more.
 */
final class Workspace implements AutoCloseable {
    private final Backend backend;
    private final ModelConfig config;
    private final KeptActivations kept;
    private final Map<PassShape, Activations> training = new Recent();
    private final Map<PassShape, Activations> evaluation = new Recent();
    private final int largest;
    private @Nullable PassMemory memory;
    private boolean closed;

    /**
     * No memory yet.
     *
     * @param largest most floats that lie in one vector, unless a matrix has more
     */
    Workspace(Backend backend, ModelConfig config, KeptActivations kept, int largest) {
        this.largest = largest;
        this.backend = backend;
        this.config = config;
        this.kept = kept;
    }

    Activations training(PassShape shape) {
        return views(training, shape, new ActivationSizes(config, shape).training(kept), arena -> switch (kept) {
            case ALL -> arena.training();
            case LAYER_INPUTS -> arena.recomputed();
        });
    }

    Activations evaluation(PassShape shape) {
        return views(evaluation, shape, new ActivationSizes(config, shape).evaluation(), Arena::evaluation);
    }

    private Activations views(
            Map<PassShape, Activations> known, PassShape shape, long floats, Function<Arena, Activations> lay) {
        Activations found = known.get(shape);
        if (found != null) {
            return found;
        }
        Activations laid = lay.apply(new Arena(backend, config, shape, memoryOf(floats)));
        known.put(shape, laid);
        return laid;
    }

    private PassMemory memoryOf(long floats) {
        if (closed) {
            throw new IllegalStateException("the encoder is closed");
        }
        PassMemory found = memory;
        if (found == null || found.floats() < floats) {
            release();
            found = new PassMemory(backend, floats, largest);
            memory = found;
        }
        found.rewind(floats);
        return found;
    }

    private void release() {
        training.clear();
        evaluation.clear();
        if (memory != null) {
            memory.close();
            memory = null;
        }
    }

    @Override
    public void close() {
        release();
        closed = true;
    }

    /** Views of the shapes used last. Dropping one costs nothing but making it again. */
    private static final class Recent extends LinkedHashMap<PassShape, Activations> {
        private static final long serialVersionUID = 1L;
        private static final int MOST = 256;

        Recent() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<PassShape, Activations> eldest) {
            return size() > MOST;
        }
    }
}
