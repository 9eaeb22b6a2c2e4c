package io.tessellate.engine.model.files;

import io.tessellate.error.StorageFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which files of a model's directory belong to the model besides its weights: all small texts and tokenizer files that lie
 * in it directly, such as {@code generation_config.json}, {@code tokenizer_config.json}, a chat template or the licence. They
 * are kept when it is registered and written again when it is exported. Code and pickled files never are.
 *
 * @param kept names of those files, {@code config.json} and {@code tokenizer.json} first
 * @param leftOut names of all others but hidden ones, by the reason
 */
public record BaseFiles(List<String> kept, Map<String, List<String>> leftOut) {
    /** Bytes of the largest file that is kept, the two that every model needs aside. */
    public static final long LARGEST = 16L << 20;

    private static final int MOST = 64;
    private static final int NAMED = 4;
    private static final List<String> NEEDED = List.of(BaseModel.CONFIG, BaseModel.TOKENIZER);
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._+-]{0,127}");
    private static final Pattern OF_OTHERS =
            Pattern.compile("(.*\\.index|modules|adapter_config|trainer_state)\\.json");
    private static final Pattern LEGAL = Pattern.compile("(licen[cs]e|notice|copying|readme)([._-].*)?");
    private static final Set<String> TEXTS =
            Set.of("json", "txt", "jinja", "md", "model", "spm", "vocab", "bpe", "tiktoken", "yaml", "yml", "toml");
    private static final Set<String> PICKLED = Set.of("bin", "pt", "pth", "ckpt", "pkl", "pickle", "joblib");
    private static final Set<String> CODE = Set.of("py", "ipynb", "sh", "so", "jar", "js");
    private static final Set<String> WEIGHTS =
            Set.of("safetensors", "h5", "msgpack", "onnx", "gguf", "ggml", "ot", "tflite", "npz");

    /** Copies both. */
    public BaseFiles {
        kept = List.copyOf(kept);
        Map<String, List<String>> copy = new LinkedHashMap<>();
        leftOut.forEach((reason, names) -> copy.put(reason, List.copyOf(names)));
        leftOut = Collections.unmodifiableMap(copy);
    }

    /** Sorts a directory's files; those that hold the weights are neither kept here nor left out. */
    static BaseFiles of(Path directory, Collection<String> weights) {
        List<String> kept = new ArrayList<>(NEEDED);
        Map<String, List<String>> leftOut = new TreeMap<>();
        for (Path entry : entries(directory)) {
            String name = entry.getFileName().toString();
            if (name.startsWith(".") || weights.contains(name) || NEEDED.contains(name)) {
                continue;
            }
            Optional<String> reason = kept.size() < MOST
                    ? reasonToLeaveOut(entry, name)
                    : Optional.of("more than the %d files that are kept".formatted(MOST));
            reason.ifPresentOrElse(
                    why -> leftOut.computeIfAbsent(why, any -> new ArrayList<>())
                            .add(name),
                    () -> kept.add(name));
        }
        return new BaseFiles(kept, leftOut);
    }

    private static List<Path> entries(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.sorted().toList();
        } catch (IOException e) {
            throw StorageFailure.of(directory + " cannot be read", e);
        }
    }

    private static Optional<String> reasonToLeaveOut(Path entry, String name) {
        if (!Files.isRegularFile(entry)) {
            return Optional.of("a folder");
        }
        try {
            return reasonToLeaveOut(name, Files.size(entry));
        } catch (IOException e) {
            throw StorageFailure.of(entry + " cannot be read", e);
        }
    }

    /** Why a file of that name and length is not kept with a model; nothing if it is. */
    public static Optional<String> reasonToLeaveOut(String name, long bytes) {
        if (NEEDED.contains(name)) {
            return Optional.empty();
        }
        if (!NAME.matcher(name).matches()) {
            return Optional.of("a name with other characters than letters, digits, '.', '_', '+' and '-'");
        }
        String lower = name.toLowerCase(Locale.ROOT);
        Optional<String> kind = kind(lower, lower.substring(lower.lastIndexOf('.') + 1));
        return kind.isPresent() || bytes <= LARGEST ? kind : Optional.of("larger than %d MiB".formatted(LARGEST >> 20));
    }

    private static Optional<String> kind(String name, String ending) {
        if (PICKLED.contains(ending)) {
            return Optional.of("pickled, which is never read");
        }
        if (CODE.contains(ending)) {
            return Optional.of("code, which is never run");
        }
        if (WEIGHTS.contains(ending)) {
            return Optional.of("weights besides those that are used");
        }
        if (OF_OTHERS.matcher(name).matches()) {
            return Optional.of("about files that are not kept");
        }
        return TEXTS.contains(ending) || LEGAL.matcher(name).matches()
                ? Optional.empty()
                : Optional.of("no text and no tokenizer file");
    }

    /** Says in one line which were left out and why; empty if none was. */
    public String describeLeftOut() {
        return leftOut.entrySet().stream()
                .map(entry -> "%s (%s)".formatted(some(entry.getValue()), entry.getKey()))
                .collect(Collectors.joining("; "));
    }

    private static String some(List<String> names) {
        String first = names.stream().limit(NAMED).collect(Collectors.joining(", "));
        return names.size() <= NAMED ? first : "%s and %d more".formatted(first, names.size() - NAMED);
    }
}
