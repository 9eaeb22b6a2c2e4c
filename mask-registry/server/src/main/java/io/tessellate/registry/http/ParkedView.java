package io.tessellate.registry.http;

import io.tessellate.id.TaskName;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.Parked;
import org.jspecify.annotations.Nullable;

/** Why a model waits, in JSON. */
record ParkedView(
        String code,
        String reason,
        @Nullable String task,
        @Nullable Integer version,
        @Nullable String path,
        String since) {
    static @Nullable ParkedView of(ModelLine line) {
        return line.parked().map(ParkedView::of).orElse(null);
    }

    private static ParkedView of(Parked parked) {
        TaskName task = parked.task();
        return new ParkedView(
                parked.code().name(),
                parked.reason(),
                task == null ? null : task.value(),
                parked.version(),
                parked.path(),
                parked.since().toString());
    }
}
