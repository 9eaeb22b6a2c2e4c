package io.tessellate.lineage.json;

import io.tessellate.id.TaskName;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.Parked;
import io.tessellate.lineage.log.RegistryEvent.ModelParked;
import org.jspecify.annotations.Nullable;

/** Why a model waits, in JSON. */
public record ParkedJson(
        String code,
        String reason,
        @Nullable String task,
        @Nullable Integer version,
        @Nullable String path,
        String since) {
    /** Of a model; null if it goes on. */
    public static @Nullable ParkedJson of(ModelLine line) {
        return line.parked().map(ParkedJson::of).orElse(null);
    }

    private static ParkedJson of(Parked parked) {
        ModelParked event = parked.event();
        TaskName task = event.task();
        return new ParkedJson(
                event.code().name(),
                event.reason(),
                task == null ? null : task.value(),
                event.version(),
                event.path(),
                parked.since().toString());
    }
}
