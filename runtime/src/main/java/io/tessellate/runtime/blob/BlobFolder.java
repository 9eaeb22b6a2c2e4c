package io.tessellate.runtime.blob;

import io.tessellate.error.StorageFailure;
import io.tessellate.id.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Lays blobs out as files under their names, for readers that want a directory. Linked where the disk allows it. */
public final class BlobFolder {
    private final BlobStore store;
    private final Path root;

    /** Folders under a directory; each set of files gets one of its own, made once. */
    public BlobFolder(BlobStore store, Path root) {
        this.store = store;
        this.root = root;
    }

    /** A directory that holds exactly these files. */
    public Path lay(Map<String, Sha256> files) {
        SortedMap<String, Sha256> sorted = new TreeMap<>(files);
        Path folder = root.resolve(Sha256.of(sorted.toString().getBytes(StandardCharsets.UTF_8))
                .hex()
                .substring(0, 16));
        sorted.forEach((name, address) -> lay(folder.resolve(name), address));
        return folder;
    }

    private void lay(Path file, Sha256 address) {
        try {
            if (Files.exists(file) && Sha256.of(file).equals(address)) {
                return;
            }
            Files.createDirectories(file.getParent());
            Path next = file.resolveSibling(file.getFileName() + ".next");
            Files.deleteIfExists(next);
            link(store.fetch(address), next);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw StorageFailure.of("cannot lay blob %s out as %s".formatted(address, file), e);
        }
    }

    private static void link(Path blob, Path target) throws IOException {
        try {
            Files.createLink(target, blob);
        } catch (UnsupportedOperationException | IOException e) {
            Files.copy(blob, target);
        }
    }
}
