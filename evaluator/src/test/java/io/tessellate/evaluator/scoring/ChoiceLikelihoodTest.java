package io.tessellate.evaluator.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tessellate.dataset.Example;
import io.tessellate.dataset.Label;
import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.model.BaseModel;
import io.tessellate.engine.tokenizer.WordTokenizer;
import io.tessellate.engine.train.Encoding;
import io.tessellate.engine.train.Recipe;
import io.tessellate.evaluator.matrix.Evaluation;
import io.tessellate.event.Objective;
import io.tessellate.event.TaskManifest;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.StoredFile;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.mask.adapter.AdapterMetadata;
import io.tessellate.mask.adapter.TensorUpdate;
import io.tessellate.mask.adapter.VersionDigest;
import io.tessellate.runtime.blob.Blob;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.runtime.blob.DirectoryBlobStore;
import io.tessellate.runtime.kafka.Cancellation;
import io.tessellate.safetensors.SafetensorsWriter;
import io.tessellate.safetensors.Shape;
import io.tessellate.safetensors.TensorSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Choices that a small decoder without a head compares by their likelihood, from manifest to hits. */
class ChoiceLikelihoodTest {
    private static final List<String> WORDS =
            IntStream.range(0, 24).mapToObj(i -> "word" + (char) ('a' + i) + i).toList();
    private static final int HIDDEN = 16;

    private final Backend backend = Backends.open(Backends.HOST);
    private final RegistryLog log = new RegistryLog("bot");
    private final Random random = new Random(5);
    private Path directory;
    private BlobStore blobs;
    private BaseModel base;

    @BeforeEach
    void start(@TempDir Path temporary) throws IOException {
        directory = temporary;
        blobs = new DirectoryBlobStore(directory.resolve("blobs"));
        Path folder = Files.createDirectories(directory.resolve("base"));
        Files.writeString(folder.resolve("config.json"), """
                {"model_type": "llama", "vocab_size": 29, "hidden_size": 16, "num_hidden_layers": 1,
                 "num_attention_heads": 2, "intermediate_size": 32, "max_position_embeddings": 32,
                 "hidden_act": "silu", "rms_norm_eps": 1e-5, "tie_word_embeddings": true, "eos_token_id": 4}
                """);
        Files.writeString(folder.resolve("tokenizer.json"), new WordTokenizer(WORDS).toJson());
        SafetensorsWriter.write(folder.resolve("model.safetensors"), Map.of(), tensors());
        base = BaseModel.load(folder);
        log.register(
                List.of(
                        stored(folder, "config.json"),
                        stored(folder, "tokenizer.json"),
                        stored(folder, "model.safetensors")),
                base.layout().eligible());
    }

    private List<TensorSource> tensors() {
        List<TensorSource> tensors = new ArrayList<>();
        tensors.add(tensor("model.embed_tokens.weight", 29, HIDDEN));
        for (String name : List.of("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj")) {
            tensors.add(tensor("model.layers.0." + name + ".weight", HIDDEN, HIDDEN));
        }
        tensors.add(tensor("model.layers.0.mlp.gate_proj.weight", 32, HIDDEN));
        tensors.add(tensor("model.layers.0.mlp.up_proj.weight", 32, HIDDEN));
        tensors.add(tensor("model.layers.0.mlp.down_proj.weight", HIDDEN, 32));
        tensors.add(tensor("model.layers.0.input_layernorm.weight", HIDDEN));
        tensors.add(tensor("model.layers.0.post_attention_layernorm.weight", HIDDEN));
        tensors.add(tensor("model.norm.weight", HIDDEN));
        return tensors;
    }

    private TensorSource tensor(String name, int... shape) {
        int size = IntStream.of(shape).reduce(1, (a, b) -> a * b);
        Shape extents = shape.length == 1 ? Shape.of(shape[0]) : Shape.of(shape[0], shape[1]);
        return TensorSource.floats(name, extents, values(size));
    }

    private float[] values(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (0.5 * random.nextGaussian());
        }
        return values;
    }

    private StoredFile stored(Path folder, String name) {
        Blob blob = blobs.put(name, folder.resolve(name));
        return new StoredFile(name, blob.sha256(), blob.bytes());
    }

    /** A task without a head that owns the first few query weights from its place on. */
    private void commit(String task, int from) {
        int[] places = IntStream.range(from, from + 20).toArray();
        List<TensorUpdate> updates = List.of(TensorUpdate.listed(
                "model.layers.0.self_attn.q_proj.weight", Shape.of(HIDDEN, HIDDEN), places, values(20)));
        var metadata = new AdapterMetadata(
                RegistryLog.digest("base"),
                VersionDigest.base(RegistryLog.digest("base")),
                TaskId.of("bot", task),
                "lotto",
                new RunId("run-" + task),
                "{}");
        AdapterFile.write(directory.resolve(task), new Adapter(metadata, updates, List.of()));
        log.commit(task, stored(directory, task), "{}", RegistryLog.digest("data-" + task));
    }

    private EvalSet questions(Objective objective, BaseModel model, CommittedVersion version) {
        TaskManifest manifest = TaskManifest.newBuilder()
                .setModel("bot")
                .setTask(version.task().task().value())
                .setObjective(objective)
                .setMetric("choice_likelihood")
                .build();
        Random drawn = new Random(3);
        List<Example> examples = IntStream.range(0, 30)
                .mapToObj(i -> Example.eval(
                        WORDS.get(drawn.nextInt(24)),
                        new Label.Choice(
                                drawn.nextInt(3),
                                List.of(
                                        WORDS.get(drawn.nextInt(24)),
                                        WORDS.get(drawn.nextInt(24)) + " " + WORDS.get(drawn.nextInt(24)),
                                        WORDS.get(drawn.nextInt(24))))))
                .toList();
        try (Encoding encoding = Encoding.of(model.tokenizerFile(), model.config(), Recipe.of(Map.of()))) {
            return EvalSet.of(manifest, encoding.encode(EvalSet.objective(manifest), examples), examples);
        }
    }

    private EncoderScoring scoring(Objective objective) {
        return new EncoderScoring(
                new LiveModels(blobs, directory.resolve("laid"), backend),
                (model, version) -> questions(objective, model, version),
                blobs,
                Clock.systemUTC());
    }

    @ParameterizedTest
    @EnumSource(
            value = Objective.class,
            names = {"GENERATION", "MULTIPLE_CHOICE"})
    public void bothObjectivesScoreChoicesByTheDecodersOwnLikelihood(Objective objective) throws IOException {
        commit("quiz", 0);
        try (EncoderScoring scoring = scoring(objective)) {
            Evaluation evaluation =
                    scoring.score(log.line(), 1, new Cancellation()).get(0);
            assertThat(evaluation.metric()).isEqualTo("choice_likelihood");
            List<JsonNode> hits = new ArrayList<>();
            for (String line : new String(blobs.read(evaluation.hits().sha256()), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                hits.add(new ObjectMapper().readTree(line));
            }
            assertThat(hits).hasSize(30);
            assertThat(hits).extracting(hit -> hit.get("prediction").asInt()).contains(0, 1, 2);
            long right = hits.stream().filter(hit -> hit.get("hit").asBoolean()).count();
            assertThat(evaluation.score()).isEqualTo(right / 30.0);
        }
    }

    @Test
    public void theTaskViewKeepsEveryLikelihoodBitForBit() {
        commit("quiz", 0);
        commit("later", 100);
        try (EncoderScoring scoring = scoring(Objective.GENERATION)) {
            Evaluation committed =
                    scoring.score(log.line(), 1, new Cancellation()).get(0);
            List<Evaluation> later = scoring.score(log.line(), 2, new Cancellation());
            assertThat(later.get(later.size() - 1).predictions()).isEqualTo(committed.predictions());
            assertThat(later.get(0).predictions()).isNotEqualTo(committed.predictions());
        }
    }
}
