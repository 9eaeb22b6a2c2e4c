package io.tessellate.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tessellate.dataset.Example;
import io.tessellate.dataset.Label;
import io.tessellate.dataset.manifest.Decoding;
import io.tessellate.dataset.manifest.FieldNames;
import io.tessellate.dataset.manifest.Manifest;
import io.tessellate.dataset.manifest.MetricName;
import io.tessellate.dataset.manifest.Objective;
import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.metric.Measure;
import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.files.EndTokens;
import io.tessellate.engine.model.files.ModelExport;
import io.tessellate.engine.model.fixture.TinyBase;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.pass.Encoder;
import io.tessellate.engine.model.text.Generation;
import io.tessellate.engine.model.text.LanguageModel;
import io.tessellate.engine.model.text.Prompt;
import io.tessellate.engine.model.text.Sampling;
import io.tessellate.engine.objective.Encoding;
import io.tessellate.engine.objective.TaskScorer;
import io.tessellate.engine.objective.TextObjective;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.tokenizer.Tokenizer;
import io.tessellate.engine.version.Views;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import io.tessellate.id.TaskName;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.mask.adapter.AdapterMetadata;
import io.tessellate.mask.adapter.HeadTensor;
import io.tessellate.mask.adapter.TensorUpdate;
import io.tessellate.mask.adapter.VersionDigest;
import io.tessellate.mask.merge.MergeRecipe;
import io.tessellate.pipeline.export.MergedExport;
import io.tessellate.pipeline.export.OnnxFolder;
import io.tessellate.pipeline.export.PeftExport;
import io.tessellate.pipeline.export.TaskManifests;
import io.tessellate.pipeline.export.VersionExport;
import io.tessellate.pipeline.export.VersionView;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.runtime.blob.DirectoryBlobStore;
import io.tessellate.safetensors.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The lines of Python that stand in the README of an export, run as they stand there by a Python without any code of ours, say what
 * the engine says: tasks of every kind, both views, every format.
 */
class ExportReadmeIT {
    private static final Backend BACKEND = Backends.open(Backends.HOST);
    private static final List<String> TEXTS =
            List.of("the red cat runs fast", "a green dog", "and a blue bird sings the a");
    private static final String PROMPT = "the red";
    private static final List<String> CHOICES = List.of("cat runs", "dog", "bird sings fast");
    private static final List<String> LABELS = List.of("schön", "a \"bad\" one", "c");
    private static final TaskName COLOURS = new TaskName("colours");
    private static final TaskName GRADES = new TaskName("grades");
    private static final TaskName ENDINGS = new TaskName("endings");
    private static final TaskName STORIES = new TaskName("stories");
    private static final TaskName LIKELY = new TaskName("likely");
    private static final Map<TaskName, Objective> OBJECTIVES = Map.of(
            COLOURS, Objective.CLASSIFICATION,
            GRADES, Objective.REGRESSION,
            ENDINGS, Objective.MULTIPLE_CHOICE,
            STORIES, Objective.GENERATION,
            LIKELY, Objective.MULTIPLE_CHOICE);

    @TempDir
    private Path directory;

    private RealPeft python;
    private BlobStore blobs;
    private BaseModel base;
    private RegisteredModel model;
    private int folders;
    private final List<RealPeft.Script> scripts = new ArrayList<>();
    private final List<Consumer<List<String>>> checks = new ArrayList<>();
    private final List<Adapter> adapters = new ArrayList<>();
    private final TaskManifests manifests = (task, dataset) -> Optional.of(manifest(task));

    @BeforeEach
    void requirePython() {
        python = RealPeft.require();
        blobs = new DirectoryBlobStore(directory.resolve("blobs"));
    }

    @Test
    void exportsOfAnEncoderSayWhatTheEngineSays() throws Exception {
        encoder();
        classifications();
        values();
        choices();
        unions();
        checkAll();
    }

    private void classifications() {
        for (boolean union : new boolean[] {false, true}) {
            VersionView view = new VersionView(model.line(), 3, COLOURS, union);
            List<float[]> wanted =
                    softmax(logits(view, 0, TEXTS.stream().map(List::of).toList()));
            List<Path> folders = new ArrayList<>(List.of(hf(view), onnx(view)));
            if (!union) {
                folders.add(shira(view));
            }
            folders.forEach(folder -> expect(folder, TEXTS, printed -> requireLabelled(printed, LABELS, wanted)));
        }
    }

    private void values() {
        VersionView view = new VersionView(model.line(), 3, GRADES);
        float wanted = logits(view, 1, List.of(List.of(TEXTS.get(0))))[0][0];
        for (Path folder : List.of(hf(view), onnx(view))) {
            expect(
                    folder,
                    List.of(TEXTS.get(0)),
                    printed -> assertThat(Float.parseFloat(printed.get(0))).isCloseTo(wanted, within(1e-5f)));
        }
    }

    private void choices() {
        VersionView view = new VersionView(model.line(), 3, ENDINGS);
        float[][] each = logits(
                view,
                2,
                CHOICES.stream().map(choice -> List.of(PROMPT + "!", choice)).toList());
        float[] flat = new float[each.length];
        for (int n = 0; n < flat.length; n++) {
            flat[n] = each[n][0];
        }
        List<float[]> wanted = softmax(new float[][] {flat});
        List<String> arguments = new ArrayList<>(List.of(PROMPT));
        arguments.addAll(CHOICES);
        for (Path folder : List.of(hf(view), onnx(view))) {
            expect(folder, arguments, printed -> requireLabelled(printed, CHOICES, wanted));
        }
    }

    /** Without a task the first argument names one; what has lines of its own elsewhere is said. */
    private void unions() throws IOException {
        VersionView view = new VersionView(model.line(), 3, null);
        Path union = hf(view);
        assertThat(union.resolve("heads/tiny.endings.safetensors")).isRegularFile();
        assertThat(union.resolve("README.md")).content().contains("Other lines are needed for tiny/endings");
        List<float[]> wanted = softmax(logits(view, 0, List.of(List.of(TEXTS.get(0)))));
        List<String> arguments = List.of("tiny.colours", TEXTS.get(0));
        expect(union, arguments, printed -> requireLabelled(printed, LABELS, wanted));
        Path merged = directory.resolve("merged");
        List<MergedExport.Source> sources = adapters.stream()
                .map(adapter -> new MergedExport.Source(adapter, Optional.empty()))
                .toList();
        new MergedExport(MergeRecipe.of(MergeRecipe.Method.UNION, null, null, null), ModelExport.Precision.SINGLE)
                .write(base, sources, merged);
        expect(merged, arguments, printed -> requireLabelled(printed, List.of("0", "1", "2"), wanted));
        expect(
                merged,
                List.of("tiny.grades", TEXTS.get(0)),
                printed -> assertThat(printed).singleElement().asString().startsWith("\t"));
    }

    @Test
    void exportsOfADecoderWriteTheSameTextAndChooseTheSameEnding() throws Exception {
        base = BaseModel.load(SmallDecoder.LLAMA.write(directory.resolve("base")));
        model = new RegisteredModel(blobs, base, "");
        commit(STORIES, List.of());
        commit(LIKELY, List.of());
        VersionView stories = new VersionView(model.line(), 2, STORIES);
        List<String> wanted = TEXTS.stream().map(this::continued).toList();
        assertThat(wanted).anyMatch(text -> !text.isBlank());
        for (Path folder : List.of(hf(stories), shira(stories))) {
            expect(folder, TEXTS, printed -> assertThat(printed).isEqualTo(wanted));
        }
        String likeliest = CHOICES.get(likeliest());
        List<String> arguments = new ArrayList<>(List.of(PROMPT));
        arguments.addAll(CHOICES);
        expect(
                hf(new VersionView(model.line(), 2, LIKELY)),
                arguments,
                printed -> assertThat(printed.get(0)).startsWith(likeliest + "\t"));
        checkAll();
    }

    private int likeliest() {
        Example example = Example.eval(PROMPT + "!", new Label.Choice(0, CHOICES));
        try (Encoding encoding = Encoding.of(base.tokenizerFile(), base.config(), Recipe.of(Map.of()));
                TaskScorer scorer = new TaskScorer(BACKEND, base);
                Views views = new Views(base.weights(BACKEND), adapters)) {
            return (int) scorer.score(
                            views.union(),
                            Head.none(),
                            TextObjective.GENERATION,
                            Measure.by(MetricName.CHOICE_LIKELIHOOD),
                            encoding.encode(TextObjective.GENERATION, List.of(example)))
                    .prediction(0);
        }
    }

    private Path hf(VersionView view) {
        Path folder = folder("hf");
        new VersionExport(blobs, manifests, ModelExport.Precision.SINGLE).write(view, folder);
        return folder;
    }

    private Path onnx(VersionView view) {
        Path folder = folder("onnx");
        new OnnxFolder(blobs, manifests).write(view, folder);
        return folder;
    }

    private Path shira(VersionView view) {
        Path folder = folder("shira");
        new PeftExport(blobs, manifests, Optional.empty()).shira(view, folder);
        return folder;
    }

    private Path folder(String format) {
        return directory.resolve("%s-%d".formatted(format, ++folders));
    }

    /** The README's lines are to be run in the export's folder. */
    private void expect(Path exported, List<String> arguments, Consumer<List<String>> check) {
        try {
            String page = Files.readString(exported.resolve("README.md"));
            String code = page.substring(page.indexOf("```python\n") + 10, page.lastIndexOf("```"));
            scripts.add(new RealPeft.Script(exported, code, arguments));
            checks.add(check);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void checkAll() throws Exception {
        List<List<String>> printed = python.lines(scripts);
        assertThat(printed).hasSameSizeAs(checks);
        for (int n = 0; n < checks.size(); n++) {
            checks.get(n).accept(printed.get(n));
        }
    }

    private String continued(String prompt) {
        try (Tokenizer tokenizer = Tokenizer.load(base.tokenizerFile(), 24);
                LanguageModel language = new LanguageModel(BACKEND, base.config());
                Views views = new Views(base.weights(BACKEND), adapters)) {
            int[] ids = tokenizer.tokenize(prompt + "!").open();
            Set<Integer> ends = EndTokens.of(base.directory());
            int[] next = new Generation(language, Sampling.GREEDY, 5, ends)
                    .run(views.task(0), List.of(new Prompt(new TokenSequence(ids, new int[ids.length]), base.digest())))
                    .get(0);
            return tokenizer.decodeBehind(ids, next);
        }
    }

    private void encoder() throws IOException {
        base = BaseModel.load(TinyBase.write(directory.resolve("base")));
        model = new RegisteredModel(blobs, base, "");
        commit(COLOURS, head(3));
        commit(GRADES, head(1));
        commit(ENDINGS, head(1));
    }

    /** An adapter as a training would leave one: some weights of a tensor of its own. */
    private void commit(TaskName task, List<HeadTensor> head) {
        int n = adapters.size();
        EligibleTensor tensor = base.layout().eligible().tensor(n);
        Random random = new Random(n);
        float[] values = new float[8];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        TensorUpdate update = TensorUpdate.listed(
                tensor.name(),
                Shape.of(tensor.rows(), tensor.columns()),
                new int[] {0, 3, 5, 9, 20, 33, 40, 77},
                values);
        Adapter adapter = new Adapter(
                new AdapterMetadata(
                        base.digest(),
                        VersionDigest.base(base.digest()),
                        new TaskId(model.line().name(), task),
                        "lotto",
                        new RunId("run-" + n),
                        "{\"maxLength\":8}"),
                List.of(update),
                head);
        Path file = directory.resolve("adapter-%d.safetensors".formatted(n));
        AdapterFile.write(file, adapter);
        adapters.add(adapter);
        model.commit(task.value(), file);
    }

    private static List<HeadTensor> head(int labels) {
        Random random = new Random(labels);
        float[] weight = new float[labels * 32];
        for (int i = 0; i < weight.length; i++) {
            weight[i] = 0.4f * (float) random.nextGaussian();
        }
        float[] bias = new float[labels];
        Arrays.fill(bias, 0.25f);
        return List.of(
                new HeadTensor("weight", Shape.of(labels, 32), weight), new HeadTensor("bias", Shape.of(labels), bias));
    }

    private static Manifest manifest(TaskId task) {
        Objective objective = OBJECTIVES.get(task.task());
        MetricName metric = task.task().equals(LIKELY)
                ? MetricName.CHOICE_LIKELIHOOD
                : objective == Objective.GENERATION ? MetricName.EXACT_MATCH : objective.usualMetric();
        return new Manifest(
                task,
                true,
                objective,
                objective == Objective.CLASSIFICATION ? LABELS : List.of(),
                metric,
                FieldNames.OWN,
                Manifest.DEFAULT_EVAL_SHARE,
                null,
                Manifest.DEFAULT_TOLERANCE,
                null,
                Map.of(),
                objective.prompted() ? Manifest.PROMPT + "!" : Manifest.PROMPT,
                new Decoding(0, 0, 1, 0, 5),
                Optional.empty(),
                Optional.empty());
    }

    private float[][] logits(VersionView view, int place, List<List<String>> texts) {
        try (Tokenizer tokenizer = Tokenizer.load(base.tokenizerFile(), 8);
                Encoder encoder = new Encoder(BACKEND, base.config());
                Views views = new Views(base.weights(BACKEND), adapters)) {
            Batch batch = Batch.of(
                    texts.stream()
                            .map(text -> text.size() == 1
                                    ? tokenizer.encode(text.get(0))
                                    : tokenizer.encode(text.get(0), text.get(1)))
                            .toList(),
                    base.config());
            float[] all = encoder.logits(
                    view.union() ? views.union() : views.task(place), Views.headOf(adapters.get(place)), batch);
            int labels = all.length / texts.size();
            float[][] rows = new float[texts.size()][];
            Arrays.setAll(rows, n -> Arrays.copyOfRange(all, n * labels, (n + 1) * labels));
            return rows;
        }
    }

    private static List<float[]> softmax(float[][] logits) {
        List<float[]> all = new ArrayList<>();
        for (float[] row : logits) {
            double sum = 0;
            for (float logit : row) {
                sum += Math.exp(logit);
            }
            float[] probabilities = new float[row.length];
            for (int n = 0; n < row.length; n++) {
                probabilities[n] = (float) (Math.exp(row[n]) / sum);
            }
            all.add(probabilities);
        }
        return all;
    }

    private static void requireLabelled(List<String> printed, List<String> labels, List<float[]> wanted) {
        assertThat(printed).hasSameSizeAs(wanted);
        for (int n = 0; n < wanted.size(); n++) {
            String[] parts = printed.get(n).split("\t");
            float[] probabilities = wanted.get(n);
            assertThat(parts).hasSize(1 + probabilities.length);
            int best = 0;
            for (int c = 0; c < probabilities.length; c++) {
                assertThat(Float.parseFloat(parts[c + 1])).isCloseTo(probabilities[c], within(1e-5f));
                best = probabilities[c] > probabilities[best] ? c : best;
            }
            assertThat(parts[0]).isEqualTo(labels.get(best));
        }
    }
}
