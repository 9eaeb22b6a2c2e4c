package io.tessellate.engine.recipe;

import java.util.Locale;

/** The parts of a run. */
public enum Phase {
    /** A trial training that finds the mask and is undone. */
    CALIBRATE,
    /** The training whose result is kept. */
    TRAIN,
    /** The training of all free weights towards a mask that comes before it. */
    TRANSFORM,
    /** The trials of candidates for fields that the recipe leaves open; each is a short training of its own. */
    RACE;

    /** The name in progress events. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
