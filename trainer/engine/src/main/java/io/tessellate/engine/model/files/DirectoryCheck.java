package io.tessellate.engine.model.files;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.StorageFailure;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Refuses a directory that lacks one of a model's files, and says what to do where it holds something that could become it.
 *
 * @param directory of a model
 */
record DirectoryCheck(Path directory) {
    private static final String SAVE = "load it in Hugging Face's library and call save_pretrained, which writes %s";

    private static final String TOKENIZER = "python3 -c \"from transformers import AutoTokenizer;"
            + " AutoTokenizer.from_pretrained('%s').save_pretrained('%s')\"";

    void run() {
        if (!Files.isDirectory(directory)) {
            throw unsupported("is no directory");
        }
        List<String> names = names();
        if (!names.contains(BaseModel.CONFIG)) {
            throw unsupported(
                    names.contains("adapter_config.json")
                            ? "holds an adapter and no config.json: merge it with its base and save the model"
                            : "holds no config.json");
        }
        if (!names.contains(BaseModel.TOKENIZER)) {
            throw unsupported("holds no tokenizer.json" + tokenizerHint(names));
        }
        if (!names.contains(WeightFiles.ONE) && !names.contains(WeightFiles.INDEX)) {
            throw unsupported("holds no %s and no %s%s".formatted(WeightFiles.ONE, WeightFiles.INDEX, hint(names)));
        }
    }

    private List<String> names() {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw StorageFailure.of(directory + " cannot be read", e);
        }
    }

    private String tokenizerHint(List<String> names) {
        List<String> sources = names.stream()
                .filter(List.of(
                        "vocab.txt",
                        "vocab.json",
                        "tokenizer.model",
                        "spiece.model",
                        "spm.model",
                        "sentencepiece.bpe.model")::contains)
                .toList();
        return sources.isEmpty()
                ? ""
                : ", only %s; this writes it, with pip install transformers sentencepiece: %s"
                        .formatted(String.join(", ", sources), TOKENIZER.formatted(directory, directory));
    }

    private static String hint(List<String> names) {
        List<String> pickled = ending(names, ".bin", ".pt", ".pth", ".ckpt");
        if (!pickled.isEmpty()) {
            return ", only %s: pickled weights are never read, since they can run code; %s"
                    .formatted(String.join(", ", pickled), SAVE.formatted("safetensors"));
        }
        List<String> adapter = ending(names, "adapter_model.safetensors");
        if (!adapter.isEmpty()) {
            return ", only an adapter: merge it with its base and save the model";
        }
        List<String> others = ending(names, ".safetensors", ".h5", ".msgpack", ".gguf", ".onnx");
        return others.isEmpty()
                ? ""
                : ", only %s: %s".formatted(String.join(", ", others), SAVE.formatted(WeightFiles.ONE));
    }

    private static List<String> ending(List<String> names, String... endings) {
        return names.stream()
                .filter(name -> Stream.of(endings).anyMatch(name::endsWith))
                .toList();
    }

    private TessellateException unsupported(String problem) {
        return new TessellateException(ErrorCode.UNSUPPORTED_MODEL, "%s %s".formatted(directory, problem));
    }
}
