package io.tessellate.dataset.log;

import io.tessellate.dataset.Dataset;
import java.util.Optional;

/**
 * Stretches of a topic, read as examples by the rules of a manifest.
 *
 * @param dataset the examples
 * @param counts what became of the records
 * @param refused where the first record lies that is no example, and why; empty if all are
 */
public record ReadRecords(Dataset dataset, RecordCounts counts, Optional<String> refused) {}
