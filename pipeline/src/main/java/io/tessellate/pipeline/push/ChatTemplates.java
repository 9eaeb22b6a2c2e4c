package io.tessellate.pipeline.push;

import static java.util.stream.Collectors.toMap;

import io.tessellate.dataset.manifest.ChatTemplate;
import io.tessellate.engine.tokenizer.ModelChatTemplate;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.log.StoredFile;
import io.tessellate.runtime.blob.BlobFolder;
import io.tessellate.runtime.blob.BlobStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Finds the chat template that {@code push} is asked for: the model's own, one of its several by name, or one from a file. */
public final class ChatTemplates {
    private static final String OWN = "model";

    private ChatTemplates() {}

    /**
     * The template with the model's special tokens.
     *
     * @param asked {@code model}, {@code model:NAME} or a file
     */
    public static ChatTemplate find(String asked, ModelLine line, BlobStore blobs) {
        boolean own = asked.equals(OWN) || asked.startsWith(OWN + ":");
        if (!own && !Files.isRegularFile(Path.of(asked))) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "chat template '%s' must be 'model', 'model:NAME' or a file, which this is not".formatted(asked));
        }
        Map<String, Sha256> files = line.files().stream()
                .filter(file -> ModelChatTemplate.FILES.contains(file.name()))
                .collect(toMap(StoredFile::name, StoredFile::sha256));
        return TemporaryFolder.with(directory -> {
            Path model = new BlobFolder(blobs, directory).lay(files);
            return own
                    ? ModelChatTemplate.read(
                            model,
                            Optional.of(asked).filter(it -> !it.equals(OWN)).map(it -> it.substring(OWN.length() + 1)))
                    : ModelChatTemplate.of(Path.of(asked), model);
        });
    }
}
