package io.tessellate.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tessellate.dataset.manifest.MetricName;
import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.fixture.TinyBase;
import io.tessellate.engine.model.pass.Encoder;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.HeadObjective;
import io.tessellate.engine.objective.TaskData;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.stream.SequentialRun;
import io.tessellate.engine.stream.StreamTask;
import io.tessellate.engine.tokenizer.Tokenizer;
import io.tessellate.engine.version.Views;
import io.tessellate.id.TaskId;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.mask.adapter.WeightSource;
import io.tessellate.mask.peft.LoraExport;
import io.tessellate.mask.peft.PeftBase;
import io.tessellate.mask.peft.PeftClass;
import io.tessellate.mask.peft.ShiraExport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Exported adapters say in Hugging Face's own PEFT what the task's view says here, loaded by the very lines the
 * documentation shows: tasks trained under masks as SHiRA, low-rank ones as LoRA, in both cases the second task of two, whose
 * view holds the first one's adapter too.
 */
class PeftInteropIT {
    private static final Backend BACKEND = Backends.open(Backends.HOST);
    private static final List<TinyTask> TASKS =
            List.of(new TinyTask("red", "green", 48, 16, 3), new TinyTask("runs", "sings", 48, 16, 4));
    private static final List<String> TEXTS =
            List.of("the red cat runs fast", "a green dog", "and a blue bird sings the a");

    private static final PeftClass CLASS = PeftClass.bare("bert.", false);

    private RealPeft peft;
    private BaseModel base;
    private Weights weights;

    @TempDir
    private Path directory;

    @BeforeEach
    void prepare() throws IOException {
        peft = RealPeft.require();
        base = BaseModel.load(TinyBase.write(directory.resolve("base")));
        weights = base.weights(BACKEND);
    }

    @AfterEach
    void close() {
        if (weights != null) {
            weights.close();
        }
    }

    @Test
    void masksAreShiraAdapters() throws Exception {
        List<Adapter> adapters = learn(Map.of("method", "lotto", "density", 0.2));
        Path exported = directory.resolve("shira");
        new ShiraExport(CLASS).write(exported, adapters, source(), PeftBase.of("tiny"));
        requireSameLogits(adapters, peft.run("shira.py", base.directory().toString(), exported, TEXTS));
    }

    @Test
    void lowRankChangesAreLoraAdapters() throws Exception {
        requireLora("lora");
    }

    @Test
    void principalOnesAreLoraAdaptersOfTwiceTheRankOnTheUnchangedBase() throws Exception {
        requireLora("pissa");
    }

    private void requireLora(String method) throws Exception {
        List<Adapter> adapters = learn(Map.of("method", method, "rank", 3));
        Path exported = directory.resolve(method);
        new LoraExport(CLASS).write(exported, adapters, PeftBase.of("tiny"));
        requireSameLogits(adapters, peft.run("lora.py", base.directory().toString(), exported, TEXTS));
    }

    private List<Adapter> learn(Map<String, Object> recipe) {
        Map<String, Object> fields = new HashMap<>(recipe);
        fields.putAll(Map.of("epochs", 6, "learningRate", 1e-2));
        Path adapters = directory.resolve("run-" + recipe.get("method"));
        List<Adapter> learnt = new ArrayList<>();
        try (SequentialRun run = new SequentialRun(BACKEND, base.config(), base.digest(), weights.copy(), adapters)) {
            for (int t = 0; t < TASKS.size(); t++) {
                run.learn(task(t), Recipe.of(fields), progress -> {});
                learnt.add(AdapterFile.read(adapters.resolve("adapter-%d.safetensors".formatted(t + 1))));
            }
        }
        return learnt;
    }

    private StreamTask task(int t) {
        List<EncodedExample> train = encode(TASKS.get(t).train());
        TaskData data = new TaskData(TaskId.of("tiny", "task-" + t), HeadObjective.CLASSIFICATION, 2, train);
        return new StreamTask(data, MetricName.ACCURACY, encode(TASKS.get(t).eval()));
    }

    private List<EncodedExample> encode(List<TinyTask.Sentence> sentences) {
        try (Tokenizer tokenizer = Tokenizer.load(base.tokenizerFile(), 24)) {
            return sentences.stream()
                    .map(sentence -> new EncodedExample(tokenizer.encode(sentence.text()), sentence.label()))
                    .toList();
        }
    }

    private WeightSource source() {
        return (tensor, indices) -> {
            float[] all = weights.get(tensor);
            float[] some = new float[indices.length];
            for (int n = 0; n < some.length; n++) {
                some[n] = all[indices[n]];
            }
            return some;
        };
    }

    private void requireSameLogits(List<Adapter> adapters, float[][] found) {
        try (Tokenizer tokenizer = Tokenizer.load(base.tokenizerFile(), 24);
                Encoder encoder = new Encoder(BACKEND, base.config());
                Views views = new Views(weights.copy(), adapters)) {
            Batch batch = Batch.of(TEXTS.stream().map(tokenizer::encode).toList(), base.config());
            int last = adapters.size() - 1;
            float[] here = encoder.logits(views.union(), views.head(last), batch);
            float[] without = encoder.logits(views.base(), views.head(last), batch);
            assertThat(found).hasDimensions(TEXTS.size(), 2);
            // Some 2000 roundings lie on the path of a pass: twice 8 sqrt(2000) 2^-24 of the largest, as Rounding in
            // the
            // engine's tests has it; PyTorch adds in an order of its own.
            float bound = 4.3e-5f * Math.max(1, largest(here));
            for (int n = 0; n < here.length; n++) {
                assertThat(found[n / 2][n % 2]).as("logit %d", n).isCloseTo(here[n], within(bound));
            }
            assertThat(without).isNotEqualTo(here);
        }
    }

    private static float largest(float[] values) {
        float largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }
}
