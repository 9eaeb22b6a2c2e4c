package io.tessellate.pipeline.push;

import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.tokenizer.TokenizerCheck;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.event.RegistryCommand;
import io.tessellate.id.ModelName;
import io.tessellate.id.Sha256;
import io.tessellate.lineage.Lineage;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.log.LoggedEvent;
import io.tessellate.lineage.log.RegistryCommands;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.lineage.log.StoredFile;
import io.tessellate.mask.grant.Ownership;
import io.tessellate.runtime.blob.Blob;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.kafka.KafkaFailures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/** Registers a model: checks the base's files, stores them, asks the registry and waits for its answer. */
public final class ModelRegistration {
    private static final String WEIGHTS = "model.safetensors";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int LOOK_EVERY_MILLIS = 50;

    private final KafkaClients clients;
    private final BlobStore blobs;
    private final Lineage lineage;
    private final RegistryCommands commands;

    /**
     * A registration that waits on a fold of the registry's log.
     *
     * @param lineage fed by somebody else
     */
    public ModelRegistration(KafkaClients clients, BlobStore blobs, Lineage lineage, Clock clock) {
        this.clients = clients;
        this.blobs = blobs;
        this.lineage = lineage;
        this.commands = new RegistryCommands(clock, () -> UUID.randomUUID().toString());
    }

    /**
     * Registers a Hugging Face directory. Doing so again with the same files changes nothing.
     *
     * @throws TessellateException MODEL_EXISTS naming the file if the name has others; what is wrong with the files
     */
    public ModelLine register(ModelName name, Path directory, Ownership ownership, double forgettingBudget) {
        return register(name, BaseModel.load(directory), "", ownership, forgettingBudget, false);
    }

    /**
     * The same of a model that has been read.
     *
     * @param promoteUnmeasured whether a version is promoted although a task of it could not be measured
     * @param origin where it came from, for example {@code hf:org/name@commit}; empty for a directory
     */
    public ModelLine register(
            ModelName name,
            BaseModel base,
            String origin,
            Ownership ownership,
            double forgettingBudget,
            boolean promoteUnmeasured) {
        TokenizerCheck.run(base);
        StoredFile weights = weights(base);
        List<StoredFile> files = new ArrayList<>();
        files.add(weights);
        base.files()
                .kept()
                .forEach(file -> files.add(store(file, base.directory().resolve(file))));
        Sha256 digest = weights.sha256();
        var asked = new RegistryEvent.ModelRegistered(
                digest, files, base.layout().eligible(), ownership, forgettingBudget, promoteUnmeasured, origin);
        RegistryCommand command = commands.register(name, asked);
        send(command);
        return await(name, asked, command.getCommandId());
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

    private void send(RegistryCommand command) {
        String topic = clients.topics().registryCommands().name();
        try (Producer<String, SpecificRecord> producer = clients.producer("models")) {
            producer.send(new ProducerRecord<>(topic, command.getModel(), command))
                    .get();
        } catch (ExecutionException | InterruptedException | KafkaException e) {
            throw KafkaFailures.of("the registry could not be asked", e);
        }
    }

    /** A model that is the same already is answered by no event; one that is not, by a refusal. */
    private ModelLine await(ModelName name, RegistryEvent.ModelRegistered asked, String commandId) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Optional<LoggedEvent> answer = lineage.answer(name, commandId);
            if (answer.isPresent() && answer.get().event() instanceof RegistryEvent.CommandRejected no) {
                throw new TessellateException(no.code(), no.message());
            }
            Optional<ModelLine> line =
                    lineage.model(name).filter(known -> known.differences(asked).isEmpty());
            if (line.isPresent()) {
                return line.get();
            }
            if (System.nanoTime() > end) {
                throw new TessellateException(
                        ErrorCode.TIMEOUT, "the registry did not answer within %s".formatted(PATIENCE));
            }
            pause();
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static TessellateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new TessellateException(ErrorCode.INTERRUPTED, "registration was interrupted", e);
    }
}
