package io.tessellate.evaluator.dashboard;

import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * One part of what the dashboard shows.
 *
 * @param name its key in the snapshot and the name of its events in the stream
 * @param revision changes whenever the content may have changed
 * @param content what is written as JSON
 */
record PageSection(String name, LongSupplier revision, Supplier<?> content) {}
