package io.tessellate.pipeline.export;

import static java.util.stream.Collectors.toMap;

import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.log.StoredFile;
import io.tessellate.runtime.blob.BlobFolder;
import io.tessellate.runtime.blob.BlobStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A model's base laid out as files for as long as it is needed. */
final class BaseFolder implements AutoCloseable {
    private final Path files;
    private final BaseModel model;

    BaseFolder(BlobStore blobs, ModelLine line) {
        this.files = temporary();
        this.model = BaseModel.load(new BlobFolder(blobs, files)
                .lay(line.files().stream().collect(toMap(StoredFile::name, StoredFile::sha256))));
    }

    BaseModel model() {
        return model;
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("tessellate-export");
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.STORAGE, "no temporary directory: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try (Stream<Path> all = Files.walk(files)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.STORAGE, files + " cannot be deleted", e);
        }
    }
}
