package io.tessellate.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tessellate.dataset.manifest.MetricName;
import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.fixture.TinyBase;
import io.tessellate.engine.model.text.LanguageModel;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.TaskData;
import io.tessellate.engine.objective.TextObjective;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.stream.SequentialRun;
import io.tessellate.engine.stream.StreamTask;
import io.tessellate.engine.tokenizer.Tokenizer;
import io.tessellate.engine.version.Views;
import io.tessellate.id.TaskId;
import io.tessellate.id.TaskName;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.pipeline.export.PeftExport;
import io.tessellate.pipeline.export.VersionView;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.runtime.blob.DirectoryBlobStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Exported adapters of decoders make Hugging Face's own {@code AutoModelForCausalLM} predict what the task's view predicts
 * here, with the base that they name and with one that is given: two generation tasks, the second one's view. Of families that
 * the transformers of .ci/peft knows.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DecoderPeftInteropIT {
    private static final Backend BACKEND = Backends.open(Backends.HOST);
    private static final List<String> TEXTS = List.of("the red cat", "a green dog sleeps and", "fast");
    private static final int WORDS = 5;

    /**
     * An adapter that is exported.
     *
     * @param given whether the base is given to the export, which else writes the one that the adapter names
     */
    private record Exported(SmallDecoder family, String method, boolean given) {}

    /**
     * What was predicted.
     *
     * @param here by the task's view
     * @param plain by the base alone
     * @param there by PEFT
     */
    private record Predicted(float[][] here, float[][] plain, float[][] there) {}

    private final Map<Exported, Predicted> predicted = new HashMap<>();

    static Stream<Exported> exported() {
        return Stream.of(
                new Exported(SmallDecoder.LLAMA, "lotto", false),
                new Exported(SmallDecoder.LLAMA, "lotto", true),
                new Exported(SmallDecoder.GPT_NEO, "lotto", false),
                new Exported(SmallDecoder.OPT, "lotto", false),
                new Exported(SmallDecoder.LLAMA, "lora", false),
                new Exported(SmallDecoder.GPT_NEO, "lora", false),
                new Exported(SmallDecoder.OPT, "pissa", false),
                new Exported(SmallDecoder.GPT2, "lora", false),
                new Exported(SmallDecoder.MISTRAL, "lotto", false),
                new Exported(SmallDecoder.QWEN2, "lotto", false),
                new Exported(SmallDecoder.PHI3, "lotto", false),
                new Exported(SmallDecoder.PHI3, "lora", false),
                new Exported(SmallDecoder.GPT_NEOX, "lotto", false),
                new Exported(SmallDecoder.GPT_NEOX, "pissa", false),
                new Exported(SmallDecoder.GEMMA2, "lotto", false));
    }

    /** All of them are asked by one Python: what it imports takes longer than what it is asked. */
    @BeforeAll
    void predict(@TempDir Path directory) throws Exception {
        RealPeft peft = RealPeft.require();
        List<Exported> all = exported().toList();
        List<RealPeft.Asked> asked = new ArrayList<>();
        List<float[][]> here = new ArrayList<>();
        List<float[][]> plain = new ArrayList<>();
        for (Exported each : all) {
            Path folder = directory.resolve(String.valueOf(asked.size()));
            BaseModel base = BaseModel.load(each.family().write(folder.resolve("base")));
            List<Adapter> adapters = learn(base, each.method(), folder);
            asked.add(export(base, each, folder));
            here.add(logits(base, adapters));
            plain.add(logits(base, List.of()));
        }
        List<float[][]> there = peft.run("causal.py", asked);
        for (int n = 0; n < all.size(); n++) {
            predicted.put(all.get(n), new Predicted(here.get(n), plain.get(n), there.get(n)));
        }
    }

    @ParameterizedTest
    @MethodSource("exported")
    void anAdapterOfADecoderChangesWhatTheCausalModelPredicts(Exported exported) {
        Predicted logits = predicted.get(exported);
        requireSame(logits.there(), logits.here());
        assertThat(logits.plain()[0]).isNotEqualTo(logits.here()[0]);
    }

    private static List<Adapter> learn(BaseModel base, String method, Path folder) {
        Map<String, Object> fields = new HashMap<>(Map.of("method", method, "epochs", 4, "learningRate", 1e-2));
        fields.putAll(method.equals("lotto") ? Map.of("density", 0.1) : Map.of("rank", 3));
        List<Adapter> learnt = new ArrayList<>();
        try (SequentialRun run = new SequentialRun(BACKEND, base, base.digest(), folder.resolve("run"))) {
            for (int t = 1; t <= 2; t++) {
                TaskData data =
                        new TaskData(TaskId.of("tiny", "task-" + t), TextObjective.GENERATION, 0, examples(t, 32));
                run.learn(
                        new StreamTask(data, MetricName.INVERSE_PERPLEXITY, examples(t + 10, 8)),
                        Recipe.of(fields),
                        progress -> {});
                learnt.add(AdapterFile.read(adapter(folder, t)));
            }
        }
        return learnt;
    }

    private static Path adapter(Path folder, int task) {
        return folder.resolve("run").resolve("adapter-%d.safetensors".formatted(task));
    }

    /** Two words, which are to be followed by the same two in the other order. */
    private static List<EncodedExample> examples(int seed, int count) {
        Random random = new Random(seed);
        List<EncodedExample> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int a = WORDS + random.nextInt(TinyBase.WORDS.size());
            int b = WORDS + random.nextInt(TinyBase.WORDS.size());
            examples.add(new EncodedExample(new TokenSequence(new int[] {a, b, b, a}, new int[4]), 2));
        }
        return examples;
    }

    private static RealPeft.Asked export(BaseModel base, Exported exported, Path folder) {
        BlobStore blobs = new DirectoryBlobStore(folder.resolve("blobs"));
        RegisteredModel model = new RegisteredModel(blobs, base, "")
                .commit("task-1", adapter(folder, 1))
                .commit("task-2", adapter(folder, 2));
        VersionView view = new VersionView(model.line(), 2, new TaskName("task-2"));
        Optional<String> given = exported.given() ? Optional.of(base.directory().toString()) : Optional.empty();
        PeftExport export = new PeftExport(blobs, RegisteredModel.MANIFESTS, given);
        Path out = folder.resolve("exported");
        PeftExport.Written written =
                exported.method().equals("lotto") ? export.shira(view, out) : export.lora(view, out);
        assertThat(Path.of(written.base())).isAbsolute().isDirectory();
        assertThat(Files.exists(out.resolve(PeftExport.BASE))).isEqualTo(!exported.given());
        return new RealPeft.Asked(given.orElse("-"), out, TEXTS);
    }

    private static float[][] logits(BaseModel base, List<Adapter> adapters) {
        try (Tokenizer tokenizer = Tokenizer.load(base.tokenizerFile(), 24);
                LanguageModel model = new LanguageModel(BACKEND, base.config());
                Views views = new Views(base.weights(BACKEND), adapters)) {
            Weights view = views.union();
            return TEXTS.stream()
                    .map(text -> Batch.of(List.of(tokenizer.encode(text)), base.config()))
                    .map(batch -> model.nextTokenLogits(view, batch))
                    .toArray(float[][]::new);
        }
    }

    private static void requireSame(float[][] found, float[][] here) {
        assertThat(found).hasDimensions(TEXTS.size(), SmallDecoder.VOCABULARY);
        for (int text = 0; text < here.length; text++) {
            for (int n = 0; n < here[text].length; n++) {
                assertThat(found[text][n])
                        .as("logit %d after '%s'", n, TEXTS.get(text))
                        .isCloseTo(here[text][n], within(1e-4f));
            }
        }
    }
}
