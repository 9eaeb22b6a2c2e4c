package io.tessellate.pipeline.stack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.runtime.config.DataDirectory;
import io.tessellate.runtime.config.KafkaSettings;
import io.tessellate.topic.TopicNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;

/**
 * What other commands need to find a running stack: {@code stack.json} in its data directory.
 *
 * @param pid its process
 * @param bootstrapServers its broker
 * @param schemaRegistryUrl its schema registry
 * @param http address of dashboard, REST, health and metrics
 * @param token file that holds the token for mutating routes
 * @param blobs directory of the blob store
 * @param controlPrefix prefix of the internal topics
 * @param tasksPrefix prefix of the task topics
 */
public record StackFile(
        long pid,
        String bootstrapServers,
        String schemaRegistryUrl,
        String http,
        String token,
        String blobs,
        String controlPrefix,
        String tasksPrefix) {
    private static final String NAME = "stack.json";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** The file of a data directory, if a stack wrote one and its process still runs. */
    public static Optional<StackFile> running(DataDirectory data) {
        return read(data)
                .filter(file ->
                        ProcessHandle.of(file.pid).map(ProcessHandle::isAlive).orElse(false));
    }

    static Optional<StackFile> read(DataDirectory data) {
        Path path = data.root().resolve(NAME);
        try {
            return Files.exists(path) ? Optional.of(JSON.readValue(path.toFile(), StackFile.class)) : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.STORAGE, "cannot read " + path, e);
        }
    }

    /** Writes the file, in one step. */
    public void write(DataDirectory data) {
        Path path = data.file(NAME);
        Path aside = data.file(NAME + ".part");
        try {
            Files.writeString(aside, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n");
            Files.move(aside, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.STORAGE, "cannot write " + path, e);
        }
    }

    static void delete(DataDirectory data) {
        try {
            Files.deleteIfExists(data.root().resolve(NAME));
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.STORAGE, "cannot delete " + NAME + " in " + data, e);
        }
    }

    /** How a client in another process speaks to the stack. */
    public KafkaSettings kafka(String instanceId) {
        return new KafkaSettings(
                bootstrapServers, schemaRegistryUrl, Map.of(), new TopicNames(controlPrefix, tasksPrefix), instanceId);
    }
}
