package io.tessellate.engine.train.checkpoint;

import io.tessellate.error.StorageFailure;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import io.tessellate.mask.ParameterSpace;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The newest checkpoint of one run, a file in a directory of its own. Written beside it and renamed, so never torn. */
public final class CheckpointStore {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointStore.class);

    private final Path file;

    /** Keeps the checkpoint in this directory, which is made when needed. */
    public CheckpointStore(Path directory) {
        this.file = directory.resolve("checkpoint");
    }

    /** Where the trials of a race are kept that are done; a race comes before the first checkpoint. */
    public Path race() {
        return file.resolveSibling("race");
    }

    /** Checkpoints within such a trial. */
    public CheckpointStore ofTrials() {
        return new CheckpointStore(file.resolveSibling("trial"));
    }

    /** Forgets checkpoint and race, once the run is done. */
    public void delete() {
        try {
            Files.deleteIfExists(file);
            Files.deleteIfExists(race());
        } catch (IOException e) {
            throw storage("cannot be deleted", e);
        }
    }

    /** Whether there is a checkpoint, of whatever job. */
    public boolean exists() {
        return Files.exists(file);
    }

    public void save(Checkpoint checkpoint, ParameterSpace space) {
        Path next = file.resolveSibling("checkpoint.next");
        try {
            Files.createDirectories(file.getParent());
            try (FileOutputStream bytes = new FileOutputStream(next.toFile());
                    OutputStream out = new BufferedOutputStream(bytes)) {
                new CheckpointCodec(space).encode(checkpoint, out);
                out.flush();
                bytes.getFD().sync();
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw storage("cannot be written", e);
        }
    }

    /** The checkpoint of this job. A damaged one, or one of another job or kind of machine, is as good as none: training starts again. */
    public Optional<Checkpoint> load(Sha256 job, ParameterSpace space) {
        if (!exists()) {
            return Optional.empty();
        }
        try {
            Checkpoint checkpoint = new CheckpointCodec(space).decode(file);
            if (checkpoint.job().equals(job)) {
                return Optional.of(checkpoint);
            }
            LOG.warn(
                    "checkpoint {} belongs to another job, or was made on another kind of machine, and is not used: the run begins anew",
                    file);
        } catch (TessellateException e) {
            LOG.warn("checkpoint {} is not used: {}", file, e.getMessage());
        } catch (IOException e) {
            throw storage("cannot be read", e);
        }
        return Optional.empty();
    }

    private TessellateException storage(String problem, IOException cause) {
        return StorageFailure.of("checkpoint %s %s".formatted(file, problem), cause);
    }
}
