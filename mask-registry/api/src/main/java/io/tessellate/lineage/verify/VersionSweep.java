package io.tessellate.lineage.verify;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.Certificate;
import io.tessellate.mask.adapter.TensorUpdate;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Certifies all tasks of a version at once, tensor by tensor: the adapters' values are laid on each other in the order of
 * their commits, and each task's digest takes what then lies on its weights. So a version of any size takes the memory of its
 * largest touched tensor. The base is not needed: every owned weight is set by an adapter.
 */
final class VersionSweep {
    private final List<Part> parts = new ArrayList<>();
    private final Reading reading;
    private final Sizes sizes;
    private float[] tensor = new float[0];

    /**
     * A sweep without an adapter.
     *
     * @param reading what every look into an adapter goes through
     * @param sizes the base's
     */
    VersionSweep(Reading reading, Sizes sizes) {
        this.reading = reading;
        this.sizes = sizes;
    }

    /** Looks into the adapter that was added as the so-manieth, from 0; whether it may be read further. */
    @FunctionalInterface
    interface Reading {
        boolean of(int added, Runnable work);
    }

    /** How many values the base has in a tensor that an update is of, or as many as the update says. */
    @FunctionalInterface
    interface Sizes {
        long of(TensorUpdate update);
    }

    /** The adapter of the next version. */
    void add(Adapter adapter) {
        parts.add(new Part(parts.size(), adapter));
    }

    /** Goes through all tensors; one digest for each adapter, in their order, null where one could not be read. */
    List<@Nullable Sha256> digests() {
        TreeSet<String> names = new TreeSet<>();
        parts.forEach(part -> part.adapter.updates().forEach(update -> names.add(update.name())));
        names.forEach(this::sweep);
        List<@Nullable Sha256> digests = new ArrayList<>();
        parts.forEach(part -> digests.add(part.sound ? part.certificate.digest() : null));
        return digests;
    }

    private void sweep(String name) {
        long size = -1;
        for (Part part : parts) {
            TensorUpdate update = part.next(name);
            if (update != null) {
                long expected = size < 0 ? sizes.of(update) : size;
                size = expected;
                part.read(() -> assign(part.adapter, update, expected));
            }
        }
        for (Part part : parts) {
            TensorUpdate update = part.next(name);
            if (update != null) {
                part.read(() -> part.certificate.add(update, tensor));
                part.next++;
            }
        }
    }

    private void assign(Adapter adapter, TensorUpdate update, long size) {
        if (update.shape().elements() != size) {
            throw new TessellateException(
                    ErrorCode.TENSOR_MISMATCH,
                    "tensor '%s' has %d values in the version, shape %s in the adapter of %s"
                            .formatted(
                                    update.name(),
                                    size,
                                    update.shape(),
                                    adapter.metadata().task()));
        }
        if (tensor.length < size) {
            tensor = new float[Math.toIntExact(size)];
        }
        update.assignTo(tensor, 0);
    }

    /** One adapter on its way. */
    private final class Part {
        private final int place;
        private final Adapter adapter;
        private final Certificate certificate = new Certificate();
        private int next;
        private boolean sound = true;

        Part(int place, Adapter adapter) {
            this.place = place;
            this.adapter = adapter;
        }

        /** Its update of a tensor, if that is the one whose turn is next. */
        @Nullable
        TensorUpdate next(String name) {
            if (next < adapter.updates().size()) {
                TensorUpdate update = adapter.updates().get(next);
                return update.name().equals(name) ? update : null;
            }
            return null;
        }

        void read(Runnable work) {
            sound = sound && reading.of(place, work);
        }
    }
}
