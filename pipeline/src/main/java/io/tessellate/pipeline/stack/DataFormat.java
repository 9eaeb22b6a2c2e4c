package io.tessellate.pipeline.stack;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.StorageFailure;
import io.tessellate.error.TessellateException;
import io.tessellate.runtime.config.DataDirectory;
import io.tessellate.runtime.config.OwnerOnly;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The marker of a data directory: which format its files have, and which Tessellate wrote it first and last. Another format is
 * left alone, since reading it half would be worse than not at all.
 *
 * @param format number of the format
 * @param writer version of Tessellate
 */
record DataFormat(int format, String writer) {
    /** The format of this version. */
    static final int CURRENT = 1;

    private static final String NAME = "version";
    private static final Pattern MARKER = Pattern.compile("format (\\d{1,9}), written by Tessellate (\\S{1,100})\\s*");
    private static final String UNNAMED = "development";
    private static final int STICKY = 0x200;
    /** What lies in a data directory. */
    private static final Set<String> OURS = Set.of(
            NAME,
            "blobs",
            "demo-base",
            "evaluator",
            "hub",
            "identity",
            "kafka",
            "lock",
            "logs",
            "lost+found",
            "ports",
            "ports.properties",
            "registry",
            "stack.json",
            "streams",
            "token",
            "worker");

    /** This Tessellate's marker. */
    static DataFormat own() {
        return new DataFormat(
                CURRENT,
                Optional.ofNullable(DataFormat.class.getPackage().getImplementationVersion())
                        .orElse(UNNAMED));
    }

    /**
     * Makes a data directory this Tessellate's: readable by its owner only, and marked. One that has no marker is from before
     * there were any, and of the first format.
     *
     * @throws TessellateException DATA_DIRECTORY if it is of another format
     */
    static void claim(DataDirectory data) {
        claim(data, own());
    }

    static void claim(DataDirectory data, DataFormat own) {
        Path marker = data.root().resolve(NAME);
        try {
            OwnerOnly.newDirectory(data.root());
            if (Files.exists(marker)) {
                own.requireSame(data, read(marker));
            }
            if (!isShared(data.root())) {
                OwnerOnly.directory(data.root());
            }
            own.write(marker);
        } catch (IOException e) {
            throw StorageFailure.of("data directory %s cannot be used".formatted(data), e);
        }
    }

    private void requireSame(DataDirectory data, DataFormat found) {
        if (found.format != format) {
            throw new TessellateException(
                    ErrorCode.DATA_DIRECTORY,
                    ("%s has data of format %d, written by the %s Tessellate %s; this is %s, which reads format %d:"
                                    + " run that version, or choose another directory with --data-dir")
                            .formatted(
                                    data,
                                    found.format,
                                    found.format > format ? "newer" : "older",
                                    found.writer,
                                    writer,
                                    format));
        }
    }

    private static DataFormat read(Path marker) throws IOException {
        Matcher text = MARKER.matcher(Files.readString(marker));
        if (!text.matches()) {
            throw new TessellateException(
                    ErrorCode.DATA_DIRECTORY,
                    "%s is not what Tessellate writes into it: this may be no data directory".formatted(marker));
        }
        return new DataFormat(Integer.parseInt(text.group(1)), text.group(2));
    }

    private void write(Path marker) throws IOException {
        Path aside = marker.resolveSibling(NAME + ".part");
        Files.deleteIfExists(aside);
        OwnerOnly.file(aside);
        Files.writeString(aside, String.format(Locale.ROOT, "format %d, written by Tessellate %s%n", format, writer));
        Files.move(aside, marker, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * Whether a directory is everybody's, as {@code /tmp} is, or somebody else's, or holds what is not of Tessellate: its rights
     * are not ours to change then.
     */
    private static boolean isShared(Path root) throws IOException {
        if (Files.getFileStore(root).supportsFileAttributeView("unix")
                && ((int) Files.getAttribute(root, "unix:mode") & STICKY) != 0) {
            return true;
        }
        try (DirectoryStream<Path> inside = Files.newDirectoryStream(root)) {
            for (Path entry : inside) {
                String name = String.valueOf(entry.getFileName());
                if (!OURS.contains(name) && !name.endsWith(".part")) {
                    return true;
                }
            }
            return false;
        }
    }
}
