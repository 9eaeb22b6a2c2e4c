package io.tessellate.ingest.arrival;

import java.util.Comparator;

/** Where in a task topic a record lies. Of several records with the same id the one at the lowest position counts. */
public record SourcePosition(int partition, long offset) implements Comparable<SourcePosition> {
    private static final Comparator<SourcePosition> ORDER =
            Comparator.comparingInt(SourcePosition::partition).thenComparingLong(SourcePosition::offset);

    @Override
    public int compareTo(SourcePosition other) {
        return ORDER.compare(this, other);
    }
}
