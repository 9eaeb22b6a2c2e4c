package io.tessellate.runtime.health;

import java.util.Objects;

/**
 * Whether a component would work now.
 *
 * @param ready it can do its work
 * @param live it is working or will get there by itself; a component that is not live needs a restart
 * @param detail one line for people
 */
public record Health(boolean ready, boolean live, String detail) {
    public Health {
        Objects.requireNonNull(detail, "detail");
    }

    /** It works. */
    public static Health up(String detail) {
        return new Health(true, true, detail);
    }

    /** It does not work yet, or not just now. */
    public static Health waiting(String detail) {
        return new Health(false, true, detail);
    }

    /** It will not work again by itself. */
    public static Health dead(String detail) {
        return new Health(false, false, detail);
    }

    /** The health of two components seen as one. */
    public Health and(Health other) {
        if (!other.ready) {
            return new Health(false, live && other.live, ready ? other.detail : detail + "; " + other.detail);
        }
        return this;
    }
}
