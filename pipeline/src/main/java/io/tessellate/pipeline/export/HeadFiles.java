package io.tessellate.pipeline.export;

import io.tessellate.engine.model.files.ModelExport;
import io.tessellate.engine.version.Views;
import io.tessellate.error.StorageFailure;
import io.tessellate.id.TaskId;
import io.tessellate.mask.adapter.Adapter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The heads of several tasks in a folder of an export. */
record HeadFiles(Path directory) {
    /** Writes them; gives their files in the order of the adapters, empty where one has none. */
    List<String> write(List<Adapter> adapters) {
        Set<String> taken = new HashSet<>();
        return adapters.stream().map(adapter -> write(adapter, taken)).toList();
    }

    /** Two adapters of one task have their heads under different names. */
    private String write(Adapter adapter, Set<String> taken) {
        if (adapter.head().isEmpty()) {
            return "";
        }
        TaskId task = adapter.metadata().task();
        String name = "%s.%s".formatted(task.model(), task.task());
        for (int n = 2; !taken.add(name); n++) {
            name = "%s.%s-%d".formatted(task.model(), task.task(), n);
        }
        Path folder = directory.resolve(MergedExport.HEADS);
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw StorageFailure.of(folder + " cannot be made", e);
        }
        String file = name + ".safetensors";
        ModelExport.writeHeadFile(Views.headOf(adapter), folder.resolve(file));
        return MergedExport.HEADS + "/" + file;
    }
}
