package io.tessellate.lineage.log;

import io.tessellate.id.RunId;
import io.tessellate.id.TaskName;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Between what persons decided, as values, and its Avro form. */
final class InterventionCodec {
    private InterventionCodec() {}

    /** The interventions a record holds: none or one in a sound record. */
    static Stream<RegistryEvent> read(io.tessellate.event.RegistryEvent avro) {
        return Stream.of(
                        composed(avro.getVersionComposed()),
                        parentChanged(avro.getParentChanged()),
                        rolledBack(avro.getVersionRolledBack()),
                        cancelled(avro.getTaskCancelled()))
                .flatMap(Stream::ofNullable);
    }

    private static @Nullable RegistryEvent composed(io.tessellate.event.@Nullable VersionComposed avro) {
        return avro == null
                ? null
                : new Intervention.VersionComposed(
                        avro.getVersion(),
                        avro.getHolds(),
                        avro.getWithout() == null ? null : new TaskName(avro.getWithout()),
                        avro.getCertificate().stream()
                                .map(RegistryEventCodec::certified)
                                .toList(),
                        avro.getWho(),
                        avro.getWhy());
    }

    private static @Nullable RegistryEvent parentChanged(io.tessellate.event.@Nullable ParentChanged avro) {
        return avro == null
                ? null
                : new Intervention.ParentChanged(
                        avro.getVersion(),
                        Intervention.ParentChanged.Cause.valueOf(avro.getCause()),
                        avro.getWho(),
                        avro.getWhy());
    }

    private static @Nullable RegistryEvent rolledBack(io.tessellate.event.@Nullable VersionRolledBack avro) {
        return avro == null
                ? null
                : new Intervention.VersionRolledBack(
                        avro.getVersion(), avro.getFrom(), avro.getForced(), avro.getWho(), avro.getWhy());
    }

    private static @Nullable RegistryEvent cancelled(io.tessellate.event.@Nullable TaskCancelled avro) {
        return avro == null
                ? null
                : new Intervention.TaskCancelled(
                        new TaskName(avro.getTask()), new RunId(avro.getRunId()), avro.getWho(), avro.getWhy());
    }
}
