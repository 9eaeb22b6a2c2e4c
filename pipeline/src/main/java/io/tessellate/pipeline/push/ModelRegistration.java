package io.tessellate.pipeline.push;

import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.tokenizer.TokenizerCheck;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.ModelName;
import io.tessellate.id.Sha256;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.lineage.log.StoredFile;
import io.tessellate.lineage.log.VerdictRules;
import io.tessellate.mask.grant.Ownership;
import io.tessellate.registry.client.RegistryClient;
import io.tessellate.runtime.blob.Blob;
import io.tessellate.runtime.blob.BlobStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Registers a model: checks the base's files, stores them, asks the registry and waits for its answer. */
public final class ModelRegistration {
    private static final String WEIGHTS = "model.safetensors";

    private final RegistryClient registry;
    private final BlobStore blobs;

    /** A registration with a registry that is read already. */
    public ModelRegistration(RegistryClient registry, BlobStore blobs) {
        this.registry = registry;
        this.blobs = blobs;
    }

    /**
     * Registers a Hugging Face directory. Doing so again with the same files changes nothing.
     *
     * @throws TessellateException MODEL_EXISTS naming the file if the name has others; what is wrong with the files
     */
    public ModelLine register(ModelName name, Path directory, Ownership ownership, double forgettingBudget) {
        return register(name, BaseModel.load(directory), "", ownership, forgettingBudget, false, VerdictRules.DEFAULT);
    }

    /**
     * The same of a model that has been read.
     *
     * @param promoteUnmeasured whether a version is promoted although a task of it could not be measured
     * @param rules how its versions are judged beside that
     * @param origin where it came from, for example {@code hf:org/name@commit}; empty for a directory
     */
    public ModelLine register(
            ModelName name,
            BaseModel base,
            String origin,
            Ownership ownership,
            double forgettingBudget,
            boolean promoteUnmeasured,
            VerdictRules rules) {
        rules.require();
        TokenizerCheck.run(base);
        StoredFile weights = weights(base);
        List<StoredFile> files = new ArrayList<>();
        files.add(weights);
        base.files()
                .kept()
                .forEach(file -> files.add(store(file, base.directory().resolve(file))));
        Sha256 digest = weights.sha256();
        var asked = new RegistryEvent.ModelRegistered(
                digest, files, base.layout().eligible(), ownership, forgettingBudget, promoteUnmeasured, origin, rules);
        return registry.request(commands -> commands.register(name, asked), () -> isAsAsked(name, asked));
    }

    /** Registering the same again is answered by no event. */
    private boolean isAsAsked(ModelName name, RegistryEvent.ModelRegistered asked) {
        return registry.lineage()
                .model(name)
                .filter(known -> known.differences(asked).isEmpty())
                .isPresent();
    }

    /** Weights in several files are stored as one: a base is known by the digest of one file. */
    private StoredFile weights(BaseModel base) {
        try {
            Path directory = Files.createTempDirectory("tessellate-register");
            try {
                return store(WEIGHTS, base.oneWeightFile(directory));
            } finally {
                Files.deleteIfExists(directory.resolve(WEIGHTS));
                Files.delete(directory);
            }
        } catch (IOException e) {
            throw new TessellateException(
                    ErrorCode.STORAGE, "%s cannot be stored: %s".formatted(base.directory(), e.getMessage()), e);
        }
    }

    private StoredFile store(String name, Path file) {
        Blob blob = blobs.put(name, file);
        return new StoredFile(blob.name(), blob.sha256(), blob.bytes());
    }
}
