package io.tessellate.registry;

import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.ExpanderClass;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.Ownership;
import io.tessellate.lineage.Reservation;
import io.tessellate.mask.Mask;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Chooses a task's class of the quasi-cyclic lift that belongs to a model and a number of classes. The lift's seed follows
 * from the base and the number of classes, so all tasks of one density draw from one partition of the weights.
 */
final class ClassAllocation {
    private final ModelLine line;
    private final OwnershipLedger ledger;
    private final int classes;
    private final boolean shared;
    private final long seed;
    private final Mask owned;

    ClassAllocation(ModelLine line, OwnershipLedger ledger, int classes, boolean shared) {
        this.line = line;
        this.ledger = ledger;
        this.classes = classes;
        this.shared = shared;
        this.seed = seed(line.baseDigest(), classes);
        this.owned = ledger.owned(line);
    }

    /** Seed of the shifts: the first eight bytes of SHA-256 over the base's digest and the number of classes. */
    static long seed(Sha256 base, int classes) {
        MessageDigest digest = Sha256.newDigest();
        digest.update(base.bytes());
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(classes).flip());
        return ByteBuffer.wrap(digest.digest()).getLong();
    }

    /** The class the run holds already if it is still free, else the lowest that is free; empty if none is. */
    Optional<ExpanderClass> choose(TaskName task, RunId run) {
        Optional<ExpanderClass> held = line.reservation(task)
                .filter(reservation -> reservation.run().equals(run))
                .map(Reservation::lift)
                .filter(candidate(0)::isBeside);
        if (held.isPresent() && isFree(held.get())) {
            return held;
        }
        Set<Integer> reserved = reservedByOthers(task);
        for (int index = 0; index < classes; index++) {
            ExpanderClass candidate = candidate(index);
            if (!reserved.contains(index) && isFree(candidate)) {
                return Optional.of(candidate);
            }
        }
        return line.ownership() == Ownership.SHARED
                ? Optional.of(candidate(line.currentVersion() % classes))
                : Optional.empty();
    }

    private ExpanderClass candidate(int index) {
        return new ExpanderClass(classes, index, seed, shared);
    }

    private boolean isFree(ExpanderClass lift) {
        return !ledger.mask(line.space(), lift).intersects(owned);
    }

    private Set<Integer> reservedByOthers(TaskName task) {
        Set<Integer> reserved = new HashSet<>();
        for (Reservation reservation : line.reservations()) {
            ExpanderClass lift = reservation.lift();
            if (lift != null
                    && lift.isBeside(candidate(0))
                    && !reservation.task().task().equals(task)) {
                reserved.add(lift.index());
            }
        }
        return reserved;
    }
}
