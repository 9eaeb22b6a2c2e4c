package io.tessellate.pipeline.broker;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A file that names a child process by id and start time, so that it is found again when its parent was killed. */
record ProcessFile(Path path) {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessFile.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    void write(ProcessHandle process) {
        try {
            Files.writeString(path, process.pid() + " " + started(process));
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.STORAGE, "cannot write " + path, e);
        }
    }

    /** Ends the process an earlier parent left behind, if it still runs. An id that was given out anew is left alone. */
    void endOrphan() {
        orphan().ifPresent(process -> {
            LOG.warn("ending process {} that an earlier run left behind", process.pid());
            end(process);
        });
    }

    void delete() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.warn("cannot delete {}", path, e);
        }
    }

    /** Asks a process to end, and ends it when it does not within some seconds. */
    static void end(ProcessHandle process) {
        end(process, PATIENCE);
    }

    /** The same within a time; one that hangs needs no long one. */
    static void end(ProcessHandle process, Duration patience) {
        process.destroy();
        try {
            process.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.warn("process {} did not end within {}, killing it", process.pid(), patience);
            process.destroyForcibly();
            // Its port is free only when it is gone.
            process.onExit()
                    .completeOnTimeout(process, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            LOG.warn("waiting for process {} failed", process.pid(), e);
        }
    }

    private Optional<ProcessHandle> orphan() {
        try {
            String[] parts = Files.readString(path).strip().split(" ");
            return ProcessHandle.of(Long.parseLong(parts[0]))
                    .filter(ProcessHandle::isAlive)
                    .filter(process -> parts.length == 2 && started(process).equals(parts[1]));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static String started(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toString).orElse("unknown");
    }
}
