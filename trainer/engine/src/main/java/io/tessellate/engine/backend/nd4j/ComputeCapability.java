package io.tessellate.engine.backend.nd4j;

/**
 * What NVIDIA calls the generation of a GPU, for example 8.6.
 *
 * @param major generation
 * @param minor variant of it
 */
record ComputeCapability(int major, int minor) implements Comparable<ComputeCapability> {
    /** The oldest that ND4J 1.0.0-M2.1's CUDA libraries hold code for. */
    static final ComputeCapability OLDEST = new ComputeCapability(3, 7);
    /** The newest that code in them runs on: they hold 8.6, which 8.9 runs too, and nothing that could be compiled later. */
    static final ComputeCapability NEWEST = new ComputeCapability(8, 9);

    /** Reads "8.6". */
    static ComputeCapability parse(String text) {
        String[] numbers = text.strip().split("\\.", -1);
        if (numbers.length != 2 || !(numbers[0] + numbers[1]).chars().allMatch(Character::isDigit)) {
            throw new NumberFormatException("'%s' is no compute capability such as 8.6".formatted(text));
        }
        return new ComputeCapability(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]));
    }

    /** Whether ND4J's CUDA libraries hold code that it runs. */
    boolean supported() {
        return compareTo(OLDEST) >= 0 && compareTo(NEWEST) <= 0;
    }

    @Override
    public int compareTo(ComputeCapability other) {
        return major != other.major ? Integer.compare(major, other.major) : Integer.compare(minor, other.minor);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
