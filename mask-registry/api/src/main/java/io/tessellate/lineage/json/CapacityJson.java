package io.tessellate.lineage.json;

import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.Reservation;
import io.tessellate.mask.grant.ExpanderClass;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How much room a model has, and who has asked for some of it, in JSON. */
public record CapacityJson(
        String model, long eligible, long owned, long free, double freeShare, List<ReservationView> reservations) {
    public static CapacityJson of(ModelLine line) {
        return new CapacityJson(
                line.name().value(),
                line.space().size(),
                line.owned(),
                line.free(),
                (double) line.free() / line.space().size(),
                line.reservations().stream()
                        .sorted(Comparator.comparingLong(Reservation::token))
                        .map(ReservationView::of)
                        .toList());
    }

    /** An open reservation. */
    record ReservationView(
            String task,
            String run,
            long token,
            int parentVersion,
            long budget,
            String method,
            @Nullable ClassView expander) {
        static ReservationView of(Reservation reservation) {
            return new ReservationView(
                    reservation.task().task().value(),
                    reservation.run().value(),
                    reservation.token(),
                    reservation.parentVersion(),
                    reservation.budget(),
                    reservation.method(),
                    reservation.lift() == null ? null : ClassView.of(reservation.lift()));
        }
    }

    /** A class of a lift. Seeds are 64-bit numbers, which not every JSON reader keeps, hence text. */
    record ClassView(int classes, int index, String seed, boolean shared) {
        static ClassView of(ExpanderClass lift) {
            return new ClassView(lift.lift(), lift.index(), Long.toString(lift.seed()), lift.shared());
        }
    }
}
