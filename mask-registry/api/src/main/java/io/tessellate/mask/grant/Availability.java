package io.tessellate.mask.grant;

import io.tessellate.id.Sha256;
import io.tessellate.mask.Mask;
import io.tessellate.mask.expander.QuasiCyclicLift;
import java.util.Collection;
import java.util.Optional;

/** What of a model's weights is taken, as far as a grant has to know; asked only for what the claim needs. */
public interface Availability {
    /** Digest of the model's base, which its partitions follow from. */
    Sha256 base();

    /** How many weights nobody owns. */
    long free();

    /** The weights that somebody owns. */
    Mask owned();

    /** The lift that a class is of. */
    QuasiCyclicLift lift(ExpanderClass of);

    /** The class that the run holds already, if it does. */
    Optional<ExpanderClass> held();

    /** The classes that other tasks have reserved, of any partition. */
    Collection<ExpanderClass> reserved();

    /** The class to give out once more when none is free, where tasks may overwrite each other. */
    Optional<ExpanderClass> again(ClassPartition partition);
}
