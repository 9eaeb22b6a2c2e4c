package io.tessellate.pipeline.demo;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** The base model that comes with the program. */
final class DemoBase {
    private static final String RESOURCE = "/demo/base/";
    private static final List<String> FILES = List.of("config.json", "model.safetensors", "tokenizer.json");

    private DemoBase() {}

    /** Writes the base's files into a directory. */
    static Path unpack(Path directory) {
        for (String file : FILES) {
            try (InputStream in = DemoBase.class.getResourceAsStream(RESOURCE + file)) {
                if (in == null) {
                    throw new TessellateException(
                            ErrorCode.DEFECT, "the program lacks its base model: " + RESOURCE + file);
                }
                Files.copy(in, directory.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw new TessellateException(ErrorCode.STORAGE, "cannot write the base model to " + directory, e);
            }
        }
        return directory;
    }
}
