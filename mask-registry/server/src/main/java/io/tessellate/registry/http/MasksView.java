package io.tessellate.registry.http;

import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.ModelLine;
import java.util.List;

/** Who owns how many of a model's eligible weights, in JSON. */
record MasksView(String model, long eligible, long free, long overlap, List<TaskMask> tasks) {
    static MasksView of(ModelLine line) {
        return new MasksView(
                line.name().value(),
                line.space().size(),
                line.free(),
                line.overlap(),
                line.versions().stream()
                        .map(version -> TaskMask.of(line, version))
                        .toList());
    }

    /** One task's mask. */
    record TaskMask(String task, String method, long owned, double density, int version) {
        static TaskMask of(ModelLine line, CommittedVersion version) {
            return new TaskMask(
                    version.task().task().value(),
                    version.method(),
                    version.owned(),
                    (double) version.owned() / line.space().size(),
                    version.number());
        }
    }
}
