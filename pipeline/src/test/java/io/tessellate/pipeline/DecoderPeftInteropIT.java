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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Exported adapters of decoders make Hugging Face's own {@code AutoModelForCausalLM} predict what the task's view predicts
 * here, with the base that they name and with one that is given: two generation tasks, the second one's view. Of families that
 * the transformers of .ci/peft knows.
 */
class DecoderPeftInteropIT {
    private static final Backend BACKEND = Backends.open(Backends.HOST);
    private static final List<String> TEXTS = List.of("the red cat", "a green dog sleeps and", "fast");
    private static final int WORDS = 5;

    private RealPeft peft;

    @TempDir
    private Path directory;

    @BeforeEach
    void requirePeft() {
        peft = RealPeft.require();
    }

    @ParameterizedTest
    @CsvSource({
        "LLAMA,lotto",
        "GPT_NEO,lotto",
        "OPT,lotto",
        "LLAMA,lora",
        "GPT_NEO,lora",
        "OPT,pissa",
        "GPT2,lora",
        "MISTRAL,lotto",
        "QWEN2,lotto",
        "PHI3,lotto",
        "PHI3,lora",
        "GPT_NEOX,lotto",
        "GPT_NEOX,pissa",
        "GEMMA2,lotto"
    })
    void anAdapterOfADecoderChangesWhatTheCausalModelPredicts(SmallDecoder family, String method) throws Exception {
        BaseModel base = BaseModel.load(family.write(directory.resolve("base")));
        List<Adapter> adapters = learn(base, method);
        Path exported = directory.resolve("exported");
        export(base, "", Optional.empty(), method, exported);
        float[][] here = logits(base, adapters);
        requireSame(peft.run("causal.py", "-", exported, TEXTS), here);
        assertThat(logits(base, List.of())[0]).isNotEqualTo(here[0]);
    }

    @Test
    void anAdapterIsLoadedOnABaseThatIsGivenToo() throws Exception {
        BaseModel base = BaseModel.load(SmallDecoder.LLAMA.write(directory.resolve("base")));
        List<Adapter> adapters = learn(base, "lotto");
        Path exported = directory.resolve("exported");
        String path = base.directory().toString();
        export(base, "", Optional.of(path), "lotto", exported);
        assertThat(exported.resolve(PeftExport.BASE)).doesNotExist();
        float[][] here = logits(base, adapters);
        requireSame(peft.run("causal.py", path, exported, TEXTS), here);
    }

    private List<Adapter> learn(BaseModel base, String method) {
        Map<String, Object> fields = new HashMap<>(Map.of("method", method, "epochs", 4, "learningRate", 1e-2));
        fields.putAll(method.equals("lotto") ? Map.of("density", 0.1) : Map.of("rank", 3));
        List<Adapter> learnt = new ArrayList<>();
        try (SequentialRun run = new SequentialRun(BACKEND, base, base.digest(), directory.resolve("run"))) {
            for (int t = 1; t <= 2; t++) {
                TaskData data =
                        new TaskData(TaskId.of("tiny", "task-" + t), TextObjective.GENERATION, 0, examples(t, 32));
                run.learn(
                        new StreamTask(data, MetricName.INVERSE_PERPLEXITY, examples(t + 10, 8)),
                        Recipe.of(fields),
                        progress -> {});
                learnt.add(AdapterFile.read(adapter(t)));
            }
        }
        return learnt;
    }

    private Path adapter(int task) {
        return directory.resolve("run").resolve("adapter-%d.safetensors".formatted(task));
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

    private void export(BaseModel base, String origin, Optional<String> basePath, String method, Path out) {
        BlobStore blobs = new DirectoryBlobStore(directory.resolve("blobs"));
        RegisteredModel model = new RegisteredModel(blobs, base, origin)
                .commit("task-1", adapter(1))
                .commit("task-2", adapter(2));
        VersionView view = new VersionView(model.line(), 2, new TaskName("task-2"));
        PeftExport export = new PeftExport(blobs, RegisteredModel.MANIFESTS, basePath);
        PeftExport.Written written = method.equals("lotto") ? export.shira(view, out) : export.lora(view, out);
        assertThat(Path.of(written.base())).isAbsolute().isDirectory();
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
