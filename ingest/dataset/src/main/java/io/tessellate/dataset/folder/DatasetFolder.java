package io.tessellate.dataset.folder;

import io.tessellate.dataset.Split;
import io.tessellate.file.JsonLines;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A dataset as a folder: {@code train.jsonl}, perhaps {@code eval.jsonl}, and {@code meta.json} beside them. The one reading of
 * it, for who sends it and for who trains on it at once.
 *
 * @param path the folder
 */
public record DatasetFolder(Path path) {
    /** The file of a split. */
    public Path file(Split split) {
        return path.resolve(split.text() + ".jsonl");
    }

    /** Whether it has a file of a split. */
    public boolean has(Split split) {
        return Files.isRegularFile(file(split));
    }

    /** Where its description lies. */
    public Path metaFile() {
        return path.resolve("meta.json");
    }

    /** Its description. */
    public MetaFile meta() {
        return MetaFile.read(metaFile());
    }

    /**
     * Reads the records in the file of a split.
     *
     * @return how many blank lines were passed over
     */
    public int read(Split split, JsonLines.ObjectTaker taker) {
        return JsonLines.read(file(split), taker);
    }
}
