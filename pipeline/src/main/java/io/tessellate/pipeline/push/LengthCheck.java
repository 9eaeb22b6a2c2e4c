package io.tessellate.pipeline.push;

import static java.util.stream.Collectors.toMap;

import io.tessellate.dataset.Example;
import io.tessellate.dataset.Split;
import io.tessellate.dataset.manifest.Manifest;
import io.tessellate.dataset.manifest.ManifestCodec;
import io.tessellate.engine.data.FittedSplit;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.family.ConfigJson;
import io.tessellate.engine.objective.Encoding;
import io.tessellate.engine.objective.TrainingObjective;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.log.StoredFile;
import io.tessellate.runtime.blob.BlobFolder;
import io.tessellate.runtime.blob.BlobStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Asks the model's own tokenizer, before anything is sent, what the recipe's longest length takes from a dataset's examples. It
 * only tells: the worker decides, on all examples.
 */
public final class LengthCheck {
    /** Of each split; more would make a large push wait. */
    private static final int MOST = 20_000;

    private static final Set<String> NEEDED = Set.of("config.json", "generation_config.json", "tokenizer.json");

    private LengthCheck() {}

    /** What a user should know; that it cannot be known, where the model's files are not at hand. */
    public static List<String> notes(LocalDataset dataset, ModelLine line, BlobStore blobs) {
        Map<String, Sha256> files = line.files().stream()
                .filter(file -> NEEDED.contains(file.name()))
                .collect(toMap(StoredFile::name, StoredFile::sha256));
        try {
            return TemporaryFolder.with(directory -> notes(dataset, new BlobFolder(blobs, directory).lay(files)));
        } catch (TessellateException e) {
            return List.of("what maxLength shortens cannot be seen from here: " + e.getMessage());
        }
    }

    /** The same by a directory with the model's configuration and tokenizer. */
    static List<String> notes(LocalDataset dataset, Path directory) {
        Manifest manifest = ManifestCodec.fromAvro(dataset.manifest());
        ModelConfig config = ConfigJson.read(directory.resolve("config.json"));
        TrainingObjective objective = TrainingObjective.declaredBy(manifest);
        if (objective.needsDecoder() && !config.causal()) {
            return List.of();
        }
        Recipe recipe = Recipe.of(manifest.recipe());
        List<String> notes = new ArrayList<>();
        try (Encoding encoding = Encoding.of(directory.resolve("tokenizer.json"), config, recipe)) {
            examples(dataset).forEach((split, examples) -> {
                FittedSplit fitted = encoding.fit(objective, examples.subList(0, Math.min(MOST, examples.size())));
                if (fitted.lost()) {
                    notes.add("%s: %s".formatted(split.text(), fitted.text()));
                }
            });
        }
        return notes;
    }

    private static Map<Split, List<Example>> examples(LocalDataset dataset) {
        Map<Split, List<Example>> splits = new EnumMap<>(Split.class);
        dataset.examples()
                .forEach(example -> splits.computeIfAbsent(example.split(), split -> new ArrayList<>())
                        .add(example));
        return splits;
    }
}
