package io.tessellate.evaluator.scoring;

import static java.util.stream.Collectors.toMap;

import io.tessellate.dataset.log.DatasetReader;
import io.tessellate.dataset.record.RecordDecoder;
import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.plan.BackendMemory;
import io.tessellate.engine.plan.MemoryBudget;
import io.tessellate.engine.plan.PlannedModel;
import io.tessellate.engine.version.ProcessEngine;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.log.StoredFile;
import io.tessellate.registry.client.SharedLogs;
import io.tessellate.runtime.blob.BlobFolder;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.runtime.kafka.KafkaClients;
import java.nio.file.Path;

/**
 * Opens probes of tasks: on the one copy of a base in the process, with memory of the process's budget, and apart from the models that
 * versions are scored with, so that neither waits for the other. May be asked by several threads.
 */
public final class TaskProbes {
    private final ProcessEngine shared;
    private final BlobStore blobs;
    private final BlobFolder bases;
    private final EvalSource sets;

    TaskProbes(ProcessEngine shared, BlobStore blobs, Path bases, EvalSource sets) {
        this.shared = shared;
        this.blobs = blobs;
        this.bases = new BlobFolder(blobs, bases);
        this.sets = sets;
    }

    /**
     * Probes of a process.
     *
     * @param logs stay the caller's, and have to be started
     * @param bases directory of its own, for unpacked base models
     */
    public static TaskProbes of(
            KafkaClients clients, SharedLogs logs, BlobStore blobs, Path bases, ProcessEngine shared) {
        var reader =
                DatasetReader.connect(clients.settings().clientProperties(), new RecordDecoder(clients.registry()));
        return new TaskProbes(
                shared, blobs, bases, new EvalSets(reader, logs.datasets().datasets()));
    }

    /**
     * A probe of a task, to be closed by the caller.
     *
     * @param name what it takes memory for, the same whenever it asks again
     * @param own the commit that brought the task's head
     * @throws io.tessellate.error.TessellateException NOT_ENOUGH_MEMORY if scoring the task never fits; retriable MEMORY_IN_USE if it
     *     has to wait
     */
    public TaskProbe open(String name, ModelLine line, CommittedVersion own) {
        BaseModel base;
        EvalSet set;
        synchronized (sets) {
            base = BaseModel.load(
                    bases.lay(line.files().stream().collect(toMap(StoredFile::name, StoredFile::sha256))));
            set = sets.of(base, own);
        }
        Backend backend = shared.open();
        PlannedModel planned = PlannedModel.scored(base.config(), base.layout(), base.weightBytes());
        MemoryBudget.Admission admission =
                shared.budget().admitBrief(name, backend, set.plan(planned, BackendMemory.of(backend)), 0);
        try {
            Weights weights = shared.bases().take(line.baseDigest(), base, backend);
            return new TaskProbe(new LiveModel(base, weights, blobs, backend), set, own, admission);
        } catch (RuntimeException | Error e) {
            admission.close();
            throw e;
        }
    }
}
