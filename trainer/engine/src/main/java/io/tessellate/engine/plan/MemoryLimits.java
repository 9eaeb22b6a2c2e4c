package io.tessellate.engine.plan;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.MemoryRoom;
import io.tessellate.engine.plan.MemoryUse.Place;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * The memory that plans are held against: what a device has in all, so that the same machine always decides alike, not what
 * happens to be free.
 *
 * @param device where the backend computes
 * @param heap most that the Java heap may grow to
 */
public record MemoryLimits(MemoryRoom device, long heap) {
    /** Part of what there is that a plan leaves free, for it is known no better. */
    private static final double MARGIN = 0.1;

    /**
     * Those of this process.
     *
     * @param most bytes that a person allows; {@link Long#MAX_VALUE}: all that there is
     */
    public static MemoryLimits of(Backend backend, long most) {
        return new MemoryLimits(
                backend.memory().room().atMost(most, "the setting"),
                Runtime.getRuntime().maxMemory());
    }

    private static long usable(long bytes) {
        return bytes == Long.MAX_VALUE ? bytes : bytes - Math.round(MARGIN * bytes);
    }

    /** What a plan takes more of than there is, with both numbers; empty if it fits. */
    public Optional<String> lack(MemoryPlan plan) {
        PhaseMemory peak = plan.peak(device.shared());
        long needed = device.shared() ? peak.all() : peak.in(Place.DEVICE);
        if (needed > usable(device.total())) {
            return Optional.of(said(needed, peak, device.origin(), device.total()));
        }
        if (plan.peak(Place.DEVICE) > device.vectors()) {
            return Optional.of("%s of vectors, and the Java process may have %s of them (org.bytedeco.javacpp.maxbytes)"
                    .formatted(new Bytes(plan.peak(Place.DEVICE)), new Bytes(device.vectors())));
        }
        if (plan.peak(Place.HEAP) > heap) {
            return Optional.of("%s of Java heap, which may grow to %s (TESSELLATE_HEAP)"
                    .formatted(new Bytes(plan.peak(Place.HEAP)), new Bytes(heap)));
        }
        return Optional.empty();
    }

    private static String said(long needed, PhaseMemory peak, String origin, long total) {
        return "%s while %s, and %s has %s, of which a tenth is left free"
                .formatted(new Bytes(needed), peak.phase().label(), origin, new Bytes(total));
    }

    /**
     * What a plan takes more of than is free now, with both numbers; empty if it fits.
     *
     * @param already bytes of the plan that are taken already
     * @param promised bytes that others may still take
     */
    public Optional<String> lackNow(MemoryPlan plan, long already, long promised) {
        PhaseMemory peak = plan.peak(device.shared());
        long needed = device.shared() ? peak.all() - peak.in(Place.PROCESS) : peak.in(Place.DEVICE);
        long free = device.known() ? device.free() - promised : Long.MAX_VALUE;
        return needed - already <= free
                ? Optional.empty()
                : Optional.of("%s more while %s, and %s are free now of the %s of %s"
                        .formatted(
                                new Bytes(needed - already),
                                peak.phase().label(),
                                new Bytes(Math.max(0, free)),
                                new Bytes(device.total()),
                                device.origin()));
    }

    /**
     * The most, from 1 to a number, with which a plan fits; 0 if it never does. More of it must never take less memory.
     *
     * @param plans the plan of each number
     */
    public int most(int from, IntFunction<MemoryPlan> plans) {
        int fits = 0;
        int tooMuch = from + 1;
        while (fits + 1 < tooMuch) {
            int middle = fits + (tooMuch - fits) / 2;
            if (lack(plans.apply(middle)).isEmpty()) {
                fits = middle;
            } else {
                tooMuch = middle;
            }
        }
        return fits;
    }
}
