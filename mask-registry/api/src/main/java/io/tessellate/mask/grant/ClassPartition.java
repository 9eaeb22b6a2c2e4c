package io.tessellate.mask.grant;

import io.tessellate.id.Sha256;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.expander.ClassCount;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * The partition of a model's weights that all tasks of one density draw their classes from. It follows from the base and the
 * number of classes, with or without a registry.
 *
 * @param classes how many there are
 * @param seed seed of the shifts
 * @param shared whether all tensors of one shape have the same mask
 */
public record ClassPartition(int classes, long seed, boolean shared) {
    /** The partition that a density stands for; INVALID_RECIPE if the model has none, as {@link ClassCount} says. */
    public static ClassPartition of(Sha256 base, ParameterSpace eligible, double density, boolean shared) {
        int classes = ClassCount.of(eligible, density);
        return new ClassPartition(classes, seed(base, classes), shared);
    }

    /** Seed of the shifts: the first eight bytes of SHA-256 over the base's digest and the number of classes. */
    public static long seed(Sha256 base, int classes) {
        MessageDigest digest = Sha256.newDigest();
        digest.update(base.bytes());
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(classes).flip());
        return ByteBuffer.wrap(digest.digest()).getLong();
    }

    /** One of its classes. */
    public ExpanderClass at(int index) {
        return new ExpanderClass(classes, index, seed, shared);
    }

    /** Whether a class is one of these. */
    public boolean holds(ExpanderClass lift) {
        return at(0).isBeside(lift);
    }

    /**
     * The lowest class that nobody reserved and that holds no owned weight, if there is one.
     *
     * @param reserved classes of other tasks, of any partition
     * @param unowned whether none of a class's weights has an owner
     */
    public Optional<ExpanderClass> lowestFree(Collection<ExpanderClass> reserved, Predicate<ExpanderClass> unowned) {
        return IntStream.range(0, classes)
                .mapToObj(this::at)
                .filter(lift -> !reserved.contains(lift))
                .filter(unowned)
                .findFirst();
    }
}
