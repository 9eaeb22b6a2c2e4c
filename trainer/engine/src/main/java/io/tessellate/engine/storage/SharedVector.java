package io.tessellate.engine.storage;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.FloatSource;
import io.tessellate.engine.backend.FloatVector;
import io.tessellate.engine.backend.Matrix;
import java.util.Optional;

/**
 * A vector in the backend's memory whose copies share that memory until one of them is written: frozen weights are there
 * once, whatever is trained or looked at beside them. Whichever is written first takes memory of its own; the others keep
 * what they had. A matrix laid over it is one over the memory it has then, and is only to be read.
 */
public final class SharedVector implements FloatVector {
    private final Backend backend;
    private Shared memory;
    private int moves;
    private boolean closed;

    /** Memory with those that use it. */
    private static final class Shared {
        private final FloatVector vector;
        private int users = 1;
        private long writes;

        Shared(FloatVector vector) {
            this.vector = vector;
        }

        /** Whether its only user may write to it, which nobody who comes later then takes for what it was. */
        synchronized boolean claim() {
            if (users > 1) {
                return false;
            }
            writes++;
            return true;
        }

        synchronized Shared join() {
            users++;
            return this;
        }

        synchronized boolean joinUnwritten(long since) {
            if (users == 0 || writes != since) {
                return false;
            }
            users++;
            return true;
        }

        synchronized boolean isAsItWas(long since) {
            return users > 0 && writes == since;
        }

        synchronized long writes() {
            return writes;
        }

        synchronized void leave() {
            users--;
            if (users == 0) {
                vector.close();
            }
        }
    }

    /** Zeros. */
    public SharedVector(Backend backend, int size) {
        this(backend, new Shared(backend.memory().allocate(size)));
    }

    private SharedVector(Backend backend, Shared memory) {
        this.backend = backend;
        this.memory = memory;
    }

    /** The same values, to be closed on its own. */
    public SharedVector copy() {
        return new SharedVector(backend, memory.join());
    }

    /** Its values as they are now, for whoever needs the same ones while they lie there. Keeps no memory. */
    public Present present() {
        return new Present(memory, memory.writes());
    }

    /** What a vector held at some moment. May be asked by several threads. */
    public static final class Present {
        private final Shared memory;
        private final long writes;

        private Present(Shared memory, long writes) {
            this.memory = memory;
            this.writes = writes;
        }

        /**
         * The same values, to be closed on its own; nothing if they were freed or written to since.
         *
         * @param backend of the same name as the vector's, in whose memory values that are written then lie
         */
        public Optional<SharedVector> share(Backend backend) {
            return memory.joinUnwritten(writes) ? Optional.of(new SharedVector(backend, memory)) : Optional.empty();
        }

        /** Whether they lie there still. */
        public boolean isThere() {
            return memory.isAsItWas(writes);
        }
    }

    /** A matrix over the memory it has now, to be read. */
    public Matrix matrix(int offset, int rows, int columns) {
        return backend.memory().matrix(memory.vector, offset, rows, columns);
    }

    /** How often it took other memory; matrices from before the last time are no longer its own. */
    public int moves() {
        return moves;
    }

    private FloatVector read() {
        if (closed) {
            throw new IllegalStateException("the vector is closed");
        }
        return memory.vector;
    }

    /** Takes memory of its own, as if it were written to. */
    public void own() {
        written();
    }

    private FloatVector written() {
        FloatVector shared = read();
        if (!memory.claim()) {
            Shared own = new Shared(backend.memory().allocate(shared.size()));
            own.vector.copyFrom(shared);
            memory.leave();
            memory = own;
            moves++;
        }
        return memory.vector;
    }

    @Override
    public int size() {
        return memory.vector.size();
    }

    @Override
    public boolean sameMemoryAs(FloatVector other) {
        return other instanceof SharedVector shared && read() == shared.read();
    }

    @Override
    public void get(int offset, float[] target, int from, int length) {
        read().get(offset, target, from, length);
    }

    @Override
    public void put(int offset, float[] source, int from, int length) {
        written().put(offset, source, from, length);
    }

    @Override
    public void fillFrom(int offset, int length, FloatSource source) {
        written().fillFrom(offset, length, source);
    }

    @Override
    public void gather(int[] indices, float[] target, int count) {
        read().gather(indices, target, count);
    }

    @Override
    public void scatter(int[] indices, float[] source, int count) {
        written().scatter(indices, source, count);
    }

    @Override
    public void fill(int offset, int length, float value) {
        written().fill(offset, length, value);
    }

    @Override
    public void copyFrom(FloatVector source) {
        written().copyFrom(source instanceof SharedVector other ? other.read() : source);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            memory.leave();
        }
    }
}
