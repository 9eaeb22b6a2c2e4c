package io.tessellate.pipeline.doctor;

import java.util.function.Supplier;

/**
 * One look at one thing.
 *
 * @param name what it looks at
 * @param look may fail or hang
 */
public record Examination(String name, Supplier<Diagnosis> look) {}
