package io.tessellate.error;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.util.Set;

/**
 * Tells a disk in trouble, which may pass (full, a network file system that is away, an I/O error), from a file that is not
 * there or is not what it should be, which does not.
 */
public final class StorageFailure {
    private static final Set<Class<? extends IOException>> OF_THE_FILE = Set.of(
            NoSuchFileException.class,
            FileNotFoundException.class,
            AccessDeniedException.class,
            NotDirectoryException.class,
            NotLinkException.class,
            DirectoryNotEmptyException.class,
            FileAlreadyExistsException.class,
            FileSystemLoopException.class);

    private StorageFailure() {}

    /** The exception for a failed operation on a file, retriable or not; its code is STORAGE. */
    public static TessellateException of(String message, IOException cause) {
        return mayPass(cause)
                ? new RetriableException(ErrorCode.STORAGE, "%s: %s".formatted(message, said(cause)), cause)
                : new TessellateException(ErrorCode.STORAGE, "%s: %s".formatted(message, said(cause)), cause);
    }

    /** The same for one out of a stream's operations. */
    public static TessellateException of(String message, UncheckedIOException cause) {
        return of(message, cause.getCause());
    }

    /** Whether the same operation may succeed later. */
    public static boolean mayPass(IOException failure) {
        return !OF_THE_FILE.contains(failure.getClass())
                && !(failure instanceof CharacterCodingException || failure instanceof EOFException);
    }

    private static String said(IOException cause) {
        if (cause instanceof NoSuchFileException || cause instanceof FileNotFoundException) {
            return "it does not exist";
        }
        if (cause instanceof AccessDeniedException) {
            return "access is denied";
        }
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }
}
