package io.tessellate.lineage.json;

import io.tessellate.id.TaskName;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.Parked;
import org.jspecify.annotations.Nullable;

/** Why a model waits, in JSON. */
record ParkedJson(
        String code,
        String reason,
        @Nullable String task,
        @Nullable Integer version,
        @Nullable String path,
        String since) {
    static @Nullable ParkedJson of(ModelLine line) {
        return line.parked().map(ParkedJson::of).orElse(null);
    }

    private static ParkedJson of(Parked parked) {
        TaskName task = parked.task();
        return new ParkedJson(
                parked.code().name(),
                parked.reason(),
                task == null ? null : task.value(),
                parked.version(),
                parked.path(),
                parked.since().toString());
    }
}
