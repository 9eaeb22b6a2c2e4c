package io.tessellate.runtime.retry;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.StorageFailure;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Supplier;

/**
 * How often a piece of work was begun and neither ended nor came any further, which only the end of the whole process can do:
 * exhausted memory, a crash in native code, a kill. Begun again after every restart it would stop everything else for ever.
 * What fails, is cancelled or makes progress is not counted.
 *
 * @param file holds a byte for each such start
 * @param most starts after which the work is not begun again
 */
public record Starts(Path file, int most) {
    /** Needs room for a start. */
    public Starts {
        if (most < 1) {
            throw new TessellateException(ErrorCode.INVALID_ARGUMENT, "at least 1 start must be allowed: " + most);
        }
    }

    /**
     * Does the work, counted.
     *
     * @param what does it, for the message
     * @param remedy what a person can do
     * @throws TessellateException ENDED_THE_PROCESS instead of one start too many. After that one more is allowed, since
     *     somebody may have done something about it
     */
    public <T> T call(String what, String remedy, Supplier<T> work) {
        begin(what, remedy);
        try {
            return work.get();
        } finally {
            forget();
        }
    }

    /** Counts a start; refuses one too many. */
    public void begin(String what, String remedy) {
        try {
            long before = Files.exists(file) ? Files.size(file) : 0;
            if (before >= most) {
                Files.write(file, new byte[most - 1]);
                throw new TessellateException(
                        ErrorCode.ENDED_THE_PROCESS,
                        ("%s was begun %d times and each time the whole process ended before it came any further, as with"
                                        + " exhausted memory, a crash in native code or a kill: %s")
                                .formatted(what, before, remedy));
            }
            Files.createDirectories(file.getParent());
            Files.write(file, new byte[1], StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw StorageFailure.of("cannot count a start in " + file, e);
        }
    }

    /** Forgets all starts: the work has ended in whatever way, or come further than ever before. */
    public void forget() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw StorageFailure.of("cannot delete " + file, e);
        }
    }
}
