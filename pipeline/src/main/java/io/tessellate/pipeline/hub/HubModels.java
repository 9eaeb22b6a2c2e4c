package io.tessellate.pipeline.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tessellate.engine.model.files.BaseFiles;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;

/**
 * Base models of the Hub as directories: {@code config.json}, {@code tokenizer.json}, the small files that belong to a
 * model, and {@code model.safetensors} or its shards. A model is kept under the commit its revision stands for; a directory of that name is complete and checked.
 * Until then the files gather in one that ends in {@code .partial}, from which an interrupted download goes on.
 */
public final class HubModels {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int LARGEST_JSON = 64 << 20;
    private static final String WEIGHTS = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final List<String> NEEDED = List.of("config.json", "tokenizer.json");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final Pattern SHARD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*\\.safetensors");

    private final HubSettings settings;
    private final HubTransfer transfer;
    private final HubAttempts attempts;
    private final FileDownload download;

    /** The Hub as configured. */
    public HubModels(HubSettings settings, HubProgress progress) {
        this(settings, progress, CacheFiles::usableSpace);
    }

    /**
     * The same with another idea of how much room there is.
     *
     * @param space free bytes around a path
     */
    HubModels(HubSettings settings, HubProgress progress, ToLongFunction<Path> space) {
        this.settings = settings;
        this.transfer = new HubTransfer(settings);
        this.attempts = new HubAttempts(settings);
        this.download = new FileDownload(transfer, attempts, progress, space);
    }

    /**
     * The model's directory, downloaded unless it is there already.
     *
     * @throws TessellateException INVALID_ARGUMENT if the Hub knows no such model or revision; NO_TOKEN if it may not be
     *     read; UNSUPPORTED_MODEL if it has no safetensors or no tokenizer.json; DIGEST_MISMATCH if what arrived is not
     *     what was announced; UNAVAILABLE_DEPENDENCY if the Hub cannot be reached; STORAGE if the disk is full
     */
    public Path fetch(HubReference model) {
        JsonNode info = json(
                model,
                "/api/models/%s/revision/%s?blobs=true".formatted(model.repository(), encoded(model.revision())));
        String commit = info.path("sha").asText();
        if (!COMMIT.matcher(commit).matches()) {
            throw new TessellateException(
                    ErrorCode.UNAVAILABLE_DEPENDENCY, "%s: the Hub names no commit but '%s'".formatted(model, commit));
        }
        Path home = settings.cache().resolve(model.repository().replace("/", "--"));
        Path complete = home.resolve(commit);
        if (!Files.isDirectory(complete)) {
            download(model, commit, files(info), home.resolve(commit + ".partial"));
            CacheFiles.move(home.resolve(commit + ".partial"), complete);
        }
        return complete;
    }

    /** What the repository holds, with the bytes of each; 0 where the Hub does not say. */
    private static SortedMap<String, Long> files(JsonNode info) {
        SortedMap<String, Long> files = new TreeMap<>();
        info.path("siblings")
                .forEach(file -> files.put(
                        file.path("rfilename").asText(), file.path("size").asLong()));
        return files;
    }

    private void download(HubReference model, String commit, SortedMap<String, Long> files, Path partial) {
        Set<String> offered = files.keySet();
        for (String name : NEEDED) {
            require(offered.contains(name), model, "has no " + name);
        }
        require(
                offered.contains(WEIGHTS) || offered.contains(INDEX),
                model,
                offered.stream().anyMatch(name -> name.endsWith(".bin"))
                        ? "has no weights in safetensors, only pickled ones, which are never read: load it in Hugging Face's"
                                + " library and call save_pretrained"
                        : "has no weights in safetensors");
        try {
            Files.createDirectories(partial);
        } catch (IOException e) {
            throw CacheFiles.failure("%s cannot be made: %s".formatted(partial, e.getMessage()), e);
        }
        List<String> wanted = new ArrayList<>(NEEDED);
        files.forEach((name, bytes) -> {
            if (!wanted.contains(name)
                    && !name.startsWith(".")
                    && BaseFiles.reasonToLeaveOut(name, bytes).isEmpty()) {
                wanted.add(name);
            }
        });
        wanted.add(offered.contains(WEIGHTS) ? WEIGHTS : INDEX);
        wanted.forEach(name -> download.into(partial, new HubFile(model, commit, name)));
        if (!offered.contains(WEIGHTS)) {
            shards(model, partial.resolve(INDEX))
                    .forEach(name -> download.into(partial, new HubFile(model, commit, name)));
        }
    }

    private static void require(boolean holds, HubReference model, String problem) {
        if (!holds) {
            throw new TessellateException(ErrorCode.UNSUPPORTED_MODEL, "%s %s".formatted(model, problem));
        }
    }

    private static Set<String> shards(HubReference model, Path index) {
        Set<String> shards = new TreeSet<>();
        try {
            JSON.readTree(index.toFile()).path("weight_map").forEach(shard -> shards.add(shard.asText()));
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.MALFORMED_FILE, "%s: %s is no JSON".formatted(model, INDEX), e);
        }
        for (String shard : shards) {
            if (!SHARD.matcher(shard).matches()) {
                throw new TessellateException(
                        ErrorCode.MALFORMED_FILE, "%s: %s names a shard '%s'".formatted(model, INDEX, shard));
            }
        }
        return shards;
    }

    private static String encoded(String revision) {
        return revision.replace("/", "%2F");
    }

    private JsonNode json(HubReference model, String path) {
        return attempts.patiently(model, "model", () -> {
            HubTransfer.Answer answer = transfer.get(path, 0);
            try (InputStream body = answer.response().body()) {
                attempts.requireSuccess(answer, model, "repository or revision");
                return JSON.readTree(body.readNBytes(LARGEST_JSON));
            }
        });
    }
}
