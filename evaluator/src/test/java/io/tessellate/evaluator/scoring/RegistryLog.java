package io.tessellate.evaluator.scoring;

import io.tessellate.event.RegistryEvent;
import io.tessellate.id.ModelName;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.Lineage;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.log.LoggedEvent;
import io.tessellate.lineage.log.RegistryEventCodec;
import io.tessellate.lineage.log.StoredFile;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.grant.Ownership;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** A registry's log of one model, as the registry would write it. */
final class RegistryLog {
    private final ModelName model;
    private final Lineage lineage = new Lineage();
    private long sequence;
    private int versions;

    RegistryLog(String model) {
        this.model = new ModelName(model);
    }

    RegistryEvent register() {
        return register(List.of(), new ParameterSpace(List.of(new EligibleTensor("w", 4, 4))));
    }

    RegistryEvent register(List<StoredFile> files, ParameterSpace space) {
        return log(new io.tessellate.lineage.log.RegistryEvent.ModelRegistered(
                digest("base"), files, space, Ownership.EXCLUSIVE, 0.02));
    }

    RegistryEvent commit(String task) {
        return commit(task, new StoredFile("adapter", digest(task), 1), "{}", digest("data"));
    }

    RegistryEvent commit(String task, StoredFile adapter, String recipe, Sha256 dataset) {
        versions++;
        return log(new io.tessellate.lineage.log.RegistryEvent.AdapterCommitted(
                new TaskName(task),
                new RunId("run-" + versions),
                versions,
                versions,
                adapter,
                "lotto",
                1,
                0,
                recipe,
                dataset,
                List.of()));
    }

    RegistryEvent promote(int version) {
        return log(new io.tessellate.lineage.log.RegistryEvent.VersionPromoted(version, "within the budget"));
    }

    ModelLine line() {
        return lineage.require(model);
    }

    private synchronized RegistryEvent log(io.tessellate.lineage.log.RegistryEvent event) {
        var entry = new LoggedEvent(model, ++sequence, null, Instant.EPOCH.plusSeconds(sequence), event);
        lineage.apply(entry);
        return RegistryEventCodec.toAvro(entry);
    }

    static Sha256 digest(String text) {
        return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
