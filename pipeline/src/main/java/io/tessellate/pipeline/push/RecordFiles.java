package io.tessellate.pipeline.push;

import io.tessellate.dataset.Split;
import io.tessellate.dataset.folder.DatasetFolder;
import io.tessellate.dataset.manifest.Manifest;
import io.tessellate.dataset.record.ExampleReader;
import io.tessellate.dataset.record.FileRecords;
import io.tessellate.dataset.record.Outcome;
import io.tessellate.error.TessellateException;
import io.tessellate.event.TaskExample;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The records in a data set's files of JSON lines. What ingest will put aside is read too; its first reason names the line. */
final class RecordFiles {
    private final ExampleReader reader;
    private final FileRecords shape;
    private final List<TaskExample> records = new ArrayList<>();
    private final List<LocalDataset.FileContent> contents = new ArrayList<>();
    private final ContentIds ids = new ContentIds();
    private @Nullable String reason;

    RecordFiles(Manifest manifest) {
        this.reader = new ExampleReader(manifest);
        this.shape = new FileRecords(manifest);
    }

    /** Reads the file of a split, whose records are of the usual split unless they name one themselves. */
    void read(DatasetFolder folder, Split split, @Nullable Split usual) {
        int before = records.size();
        Path file = folder.file(split);
        int blank = folder.read(split, (line, fields) -> records.add(record(file, line, fields, usual)));
        contents.add(new LocalDataset.FileContent(file.getFileName().toString(), records.size() - before, blank));
    }

    private TaskExample record(Path file, int line, Map<String, @Nullable Object> fields, @Nullable Split split) {
        Outcome outcome = reader.read(fields, split);
        if (outcome instanceof Outcome.Refused no) {
            String where = "%s, line %d: %s".formatted(file, line, no.reason());
            if (reason == null) {
                reason = "%s: %s".formatted(no.code(), where);
            }
            return shape.of(fields, split).orElseThrow(() -> new TessellateException(no.code(), where));
        }
        TaskExample record = shape.of(fields, split)
                .orElseThrow(() ->
                        new IllegalStateException("line %d of %s is accepted and has no record".formatted(line, file)));
        if (outcome instanceof Outcome.Accepted accepted && accepted.example().id() == null) {
            record.setId(ids.next(accepted.example()));
        }
        return record;
    }

    List<TaskExample> records() {
        return records;
    }

    List<LocalDataset.FileContent> contents() {
        return contents;
    }

    /** Why the first of the records that ingest will put aside is put aside, and where it stands; null if there is none. */
    @Nullable
    String reason() {
        return reason;
    }
}
