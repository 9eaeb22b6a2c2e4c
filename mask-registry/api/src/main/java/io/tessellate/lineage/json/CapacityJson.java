package io.tessellate.lineage.json;

import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.Reservation;
import io.tessellate.mask.grant.ExpanderClass;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How much room a model has, and who has asked for some of it, in JSON. */
public record CapacityJson(
        String model, long eligible, long owned, long free, double freeShare, List<OpenReservation> reservations) {
    /** Of a model as it stands. */
    public static CapacityJson of(ModelLine line) {
        return new CapacityJson(
                line.name().value(),
                line.space().size(),
                line.owned(),
                line.free(),
                (double) line.free() / line.space().size(),
                line.reservations().stream()
                        .sorted(Comparator.comparingLong(Reservation::token))
                        .map(OpenReservation::of)
                        .toList());
    }

    /** An open reservation. */
    record OpenReservation(
            String task,
            String run,
            long token,
            int parentVersion,
            long budget,
            String method,
            @Nullable LiftClass expander) {
        static OpenReservation of(Reservation reservation) {
            return new OpenReservation(
                    reservation.task().task().value(),
                    reservation.run().value(),
                    reservation.token(),
                    reservation.parentVersion(),
                    reservation.budget(),
                    reservation.method(),
                    reservation.lift() == null ? null : LiftClass.of(reservation.lift()));
        }
    }

    /** A class of a lift. Seeds are 64-bit numbers, which not every JSON reader keeps, hence text. */
    record LiftClass(int classes, int index, String seed, boolean shared) {
        static LiftClass of(ExpanderClass lift) {
            return new LiftClass(lift.lift(), lift.index(), Long.toString(lift.seed()), lift.shared());
        }
    }
}
