package io.tessellate.predictor.asking;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.dataset.Question;
import io.tessellate.dataset.manifest.Objective;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.fixture.TinyBase;
import io.tessellate.engine.model.fixture.TinyDecoder;
import io.tessellate.engine.model.pass.Encoder;
import io.tessellate.engine.version.ProcessEngine;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import io.tessellate.lineage.log.StoredFile;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.Mask;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.RandomMask;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.mask.adapter.AdapterMetadata;
import io.tessellate.mask.adapter.HeadTensor;
import io.tessellate.mask.adapter.TensorUpdate;
import io.tessellate.mask.adapter.VersionDigest;
import io.tessellate.runtime.blob.Blob;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.runtime.blob.DirectoryBlobStore;
import io.tessellate.safetensors.Shape;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One base that answers for the views of several tasks. */
class LiveBasesTest {
    private static final int LABELS = 3;
    private static final List<Question> QUESTIONS =
            List.of(Question.of("the red cat"), Question.of("a blue dog runs"), Question.of("bird"));

    @TempDir
    private Path directory;

    private final Random random = new Random(5);
    private BlobStore blobs;
    private BaseModel base;
    private List<StoredFile> files;
    private LiveBases bases;

    @BeforeEach
    void start() throws IOException {
        blobs = new DirectoryBlobStore(directory.resolve("blobs"));
        ask(BaseModel.load(TinyBase.write(directory.resolve("base"))));
    }

    private void ask(BaseModel asked) {
        base = asked;
        files = List.of(
                stored(base.directory(), "config.json"),
                stored(base.directory(), "tokenizer.json"),
                stored(base.directory(), "model.safetensors"));
        bases = fresh();
    }

    private LiveBases fresh() {
        return new LiveBases(blobs, directory.resolve("laid"), ProcessEngine.of("host", Long.MAX_VALUE));
    }

    @AfterEach
    void stop() {
        bases.close();
    }

    private StoredFile stored(Path folder, String name) {
        Blob blob = blobs.put(name, folder.resolve(name));
        return new StoredFile(name, blob.sha256(), blob.bytes());
    }

    private StoredFile adapter(String task) {
        int features = Encoder.features(base.config());
        return adapter(
                task,
                List.of(
                        new HeadTensor("weight", Shape.of(LABELS, features), values(LABELS * features)),
                        new HeadTensor("bias", Shape.of(LABELS), values(LABELS))));
    }

    private StoredFile adapter(String task, List<HeadTensor> head) {
        ParameterSpace space = base.layout().eligible();
        Mask mask = RandomMask.of(Mask.none(space).complement(), space.size() / 10, random);
        List<TensorUpdate> updates = new ArrayList<>();
        for (int t = 0; t < space.tensorCount(); t++) {
            EligibleTensor tensor = space.tensor(t);
            int[] indices = mask.indices(t);
            updates.add(TensorUpdate.listed(
                    tensor.name(), Shape.of(tensor.rows(), tensor.columns()), indices, values(indices.length)));
        }
        var metadata = new AdapterMetadata(
                base.digest(),
                VersionDigest.base(base.digest()),
                TaskId.of("bot", task),
                "lotto",
                new RunId("run-" + task),
                "{}");
        AdapterFile.write(directory.resolve(task), new Adapter(metadata, updates, head));
        return stored(directory, task);
    }

    private float[] values(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private AskedView view(String task, StoredFile... adapters) {
        return AskedViews.of(task, base.digest(), files, List.of(adapters));
    }

    @Test
    void aViewAnswersTheSameWhateverWasAskedBeforeIt() {
        StoredFile one = adapter("one");
        StoredFile two = adapter("two");
        StoredFile three = adapter("three");
        List<AskedView> views = List.of(
                view("one", one), view("two", one, two), view("three", one, two, three), view("three", one, three));
        List<List<Reply>> wanted = new ArrayList<>();
        for (AskedView view : views) {
            try (LiveBases alone = fresh()) {
                wanted.add(alone.answer(view, QUESTIONS));
            }
        }
        assertThat(wanted).doesNotHaveDuplicates();
        for (int turn : new int[] {2, 0, 3, 1, 2, 1, 0, 3, 3, 0}) {
            assertThat(bases.answer(views.get(turn), QUESTIONS)).isEqualTo(wanted.get(turn));
        }
    }

    @Test
    void aViewThatCannotBeHadLeavesTheOthersAsTheyWere() {
        StoredFile one = adapter("one");
        List<Reply> wanted = bases.answer(view("one", one), QUESTIONS);
        StoredFile lost = new StoredFile("lost", AskedViews.digest("lost"), 10);
        assertThat(bases.answer(view("lost", one, lost), QUESTIONS))
                .hasSize(3)
                .allSatisfy(reply -> assertThat(reply).isInstanceOf(Reply.Refused.class));
        assertThat(bases.answer(view("one", one), QUESTIONS)).isEqualTo(wanted);
    }

    @Test
    void aQuestionThatCannotBeAnsweredIsRefusedBesideTheOthers() {
        StoredFile one = adapter("one");
        List<Reply> replies = bases.answer(
                view("one", one), List.of(QUESTIONS.get(0), new Question(null, "", null, List.of(), false)));
        assertThat(replies.get(0)).isInstanceOf(Reply.Answered.class);
        assertThat(replies).hasSize(2);
        List<Reply> alone = bases.answer(view("one", one), List.of(QUESTIONS.get(0)));
        assertThat(replies.get(0)).isEqualTo(alone.get(0));
    }

    @Test
    void aDecodersQuestionsAreAnsweredTogetherAsEachIsByItself() throws IOException {
        List<String> words = List.of("a", "bird", "cat", "dog", "runs", "sings", "the", "white");
        bases.close();
        ask(BaseModel.load(TinyDecoder.write(directory.resolve("decoder"), words)));
        AskedView view =
                AskedViews.of("tell", Objective.GENERATION, base.digest(), files, List.of(adapter("tell", List.of())));
        List<Question> questions = IntStream.range(0, 12)
                .mapToObj(i -> String.join(" ", words.subList(i % 3, i % 3 + 1 + i % 5)))
                .map(text -> text.length() % 2 == 0
                        ? Question.of(text)
                        : new Question(null, text, null, words.subList(0, 3), false))
                .toList();
        List<Reply> alone = questions.stream()
                .map(question -> bases.answer(view, List.of(question)).get(0))
                .toList();
        assertThat(alone).allSatisfy(reply -> assertThat(reply).isInstanceOf(Reply.Answered.class));
        for (int round = 0; round < 2; round++) {
            assertThat(bases.answer(view, questions)).isEqualTo(alone);
        }
    }

    @Test
    void aViewOfMoreAdaptersThanAreKeptUnusedIsReadOnce() throws IOException {
        StoredFile[] many =
                IntStream.range(0, 130).mapToObj(n -> adapter("task-" + n)).toArray(StoredFile[]::new);
        AskedView view = view("task-129", many);
        List<Reply> first = bases.answer(view, QUESTIONS);
        assertThat(first).allSatisfy(reply -> assertThat(reply).isInstanceOf(Reply.Answered.class));
        try (Stream<Path> stored = Files.walk(directory.resolve("blobs"))) {
            stored.filter(Files::isRegularFile).map(Path::toFile).forEach(File::delete);
        }
        assertThat(bases.answer(view, QUESTIONS)).isEqualTo(first);
    }
}
