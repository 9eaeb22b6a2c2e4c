package io.tessellate.engine.backend.torch.installation;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * libtorch for the CPU as Maven Central has it, in the natives of {@code org.bytedeco:pytorch}: unpacked beside the archive
 * once, after its bytes were found to be those that are pinned here. The OpenBLAS it calls is the one that comes with ND4J.
 */
final class TorchArchive {
    private static final Logger LOG = LoggerFactory.getLogger(TorchArchive.class);

    /** File name; the version is that of the coordinates in this module's pom. */
    static final String NAME = "pytorch-2.13.0-1.5.14-linux-x86_64.jar";

    private static final String SHA_256 = "df6c77af6e69ee94b171e157b4a2a67453256feed9a1b47443cb2c0cf1c93643";
    private static final String DIRECTORY = "org/bytedeco/pytorch/linux-x86_64/";
    private static final List<String> LIBRARIES = List.of("libgomp.so.1", "libc10.so", "libtorch_cpu.so");

    private static final String UNFINISHED = "libtorch";
    /** Longer than unpacking ever takes. */
    private static final Duration UNPACKING = Duration.ofMinutes(30);

    private TorchArchive() {}

    /**
     * The folder of the libraries, which appears only when all of them are there.
     *
     * @throws TessellateException if the archive is another one, or cannot be read or unpacked
     */
    static Path unpacked(Path archive) {
        Path folder = archive.resolveSibling(SHA_256.substring(0, 16));
        try {
            if (!Files.isDirectory(folder)) {
                check(archive);
                unpack(archive, folder);
            }
            removeLeft(archive);
            return folder;
        } catch (IOException e) {
            throw new TessellateException(
                    ErrorCode.UNAVAILABLE_DEPENDENCY, "cannot unpack %s: %s".formatted(archive, e), e);
        }
    }

    private static void check(Path archive) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(archive), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        String found = HexFormat.of().formatHex(digest.digest());
        if (!found.equals(SHA_256)) {
            throw new TessellateException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "%s has SHA-256 %s, not %s: it is not what Maven Central has".formatted(archive, found, SHA_256));
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Several processes may come here at once: what the first one made serves all. */
    static void unpack(Path archive, Path folder) throws IOException {
        Path unfinished = Files.createTempDirectory(archive.toAbsolutePath().getParent(), UNFINISHED);
        try {
            extract(archive, unfinished);
            Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            remove(unfinished);
            if (!Files.isDirectory(folder)) {
                throw e;
            }
        }
    }

    /**
     * Removes what processes that were killed while they unpacked have left beside the archive, once it is old. Looked for whenever libtorch
     * is, for it was not old yet when the next process unpacked. What cannot be removed is in nobody's way but the disk's.
     */
    static void removeLeft(Path archive) {
        Instant old = Instant.now().minus(UNPACKING);
        Path parent = archive.toAbsolutePath().getParent();
        try (DirectoryStream<Path> left = Files.newDirectoryStream(parent, UNFINISHED + "[0-9]*")) {
            for (Path folder : left) {
                boolean unfinished = isUnfinished(folder.toFile());
                if (unfinished && folder.toFile().lastModified() < old.toEpochMilli()) {
                    remove(folder);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOG.warn("what an earlier unpacking left in {} cannot be removed: {}", parent, e.toString());
        }
    }

    /** By what is in it: nothing but what is unpacked here. One that another process has just finished or removed is none. */
    private static boolean isUnfinished(File folder) {
        String[] names = folder.list();
        return names != null && LIBRARIES.containsAll(List.of(names));
    }

    private static void extract(Path archive, Path folder) throws IOException {
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            for (String library : LIBRARIES) {
                ZipEntry entry = zip.getEntry(DIRECTORY + library);
                if (entry == null) {
                    throw new NoSuchFileException(DIRECTORY + library);
                }
                try (InputStream in = zip.getInputStream(entry)) {
                    Files.copy(in, folder.resolve(library));
                }
            }
        }
    }

    private static void remove(Path folder) throws IOException {
        for (String library : LIBRARIES) {
            Files.deleteIfExists(folder.resolve(library));
        }
        Files.deleteIfExists(folder);
    }
}
