package io.tessellate.engine.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.engine.Rounding;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.batch.Dropout;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.model.fixture.ToyDecoder;
import io.tessellate.engine.model.fixture.ToyEncoder;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.head.HeadGradients;
import io.tessellate.engine.model.text.LanguageModel;
import io.tessellate.engine.model.weights.Gradients;
import io.tessellate.engine.model.weights.TrainableTensors;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.recipe.Seeds;
import io.tessellate.engine.train.Trainer;
import io.tessellate.engine.train.TrainingControl;
import io.tessellate.engine.train.TrainingJob;
import io.tessellate.engine.train.TrainingOutcome;
import io.tessellate.engine.train.checkpoint.CheckpointStore;
import io.tessellate.engine.train.curriculum.BatchOrder;
import io.tessellate.engine.train.curriculum.Packs;
import io.tessellate.engine.train.fixture.Interruptions;
import io.tessellate.engine.train.fixture.ToyTasks;
import io.tessellate.engine.train.fixture.TrainingFixture;
import io.tessellate.engine.version.ParentVersion;
import io.tessellate.engine.version.Views;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import io.tessellate.mask.Mask;
import io.tessellate.mask.adapter.VersionDigest;
import io.tessellate.mask.grant.Grant;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several examples in one sequence of eleven tokens. */
@Tag("numeric")
@Tag("kernel")
class PackingTest {
    private static final int ROOM = 11;

    @TempDir
    private Path directory;

    private static List<EncodedExample> examples(int count) {
        Random random = new Random(2);
        List<EncodedExample> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int[] ids = random.ints(3 + random.nextInt(5), 3, 37).toArray();
            examples.add(new EncodedExample(List.of(new TokenSequence(ids, new int[ids.length])), 1, ""));
        }
        return examples;
    }

    private static int[] lengths(List<EncodedExample> examples) {
        return examples.stream().mapToInt(EncodedExample::length).toArray();
    }

    @Test
    void everyExampleIsInOneSequenceAndNoneIsTooLong() {
        int[] lengths = lengths(examples(200));
        Packs packs = Packs.of(lengths, ROOM, 64, new Random(1));
        assertThat(packs.members().stream().flatMapToInt(Arrays::stream))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 200).boxed().toList());
        assertThat(packs.members())
                .allSatisfy(pack -> assertThat(
                                IntStream.of(pack).map(e -> lengths[e]).sum())
                        .isLessThanOrEqualTo(ROOM));
        assertThat(packs.members()).hasSizeLessThan(150);
        assertThat(Packs.of(lengths, ROOM, 64, new Random(1)).members())
                .extracting(Arrays::toString)
                .isEqualTo(packs.members().stream().map(Arrays::toString).toList());
        BatchOrder order = new BatchOrder(packs, lengths, 4, 3, new Seeds(1), "train");
        assertThat(order.epoch(2).stream().flatMapToInt(Arrays::stream))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 200).boxed().toList());
        assertThat(order.epoch(2)).hasSize(order.batchesPerEpoch());
    }

    @Test
    void anExampleLongerThanTheRoomHasASequenceOfItsOwn() {
        Packs packs = Packs.of(new int[] {20, 3, 3, 30}, 6, 4, new Random(1));
        assertThat(packs.members().stream().map(pack -> pack.length)).containsExactlyInAnyOrder(1, 1, 2);
    }

    @Test
    void theGradientOfAPackedBatchIsThatOfItsExamplesOneByOne() {
        List<EncodedExample> examples = examples(24);
        Packs packs = Packs.of(lengths(examples), ROOM, 24, new Random(1));
        int[] batch = packs.examples(new int[] {0, 1, 2, 3});
        assertThat(batch).hasSizeGreaterThan(5);
        try (Weights weights = ToyDecoder.weights(TrainingFixture.BACKEND);
                LanguageModel model = new LanguageModel(TrainingFixture.BACKEND, ToyDecoder.CONFIG)) {
            CompletionLearner learner = new CompletionLearner(model);
            List<EncodedExample> drawn =
                    IntStream.of(batch).mapToObj(examples::get).toList();
            float[] packed = gradient(learner, weights, List.of(drawn));
            float[] oneByOne =
                    gradient(learner, weights, drawn.stream().map(List::of).toList());
            int tokens = drawn.stream().mapToInt(EncodedExample::length).sum();
            Rounding.pass(ToyDecoder.CONFIG, ROOM, tokens).assertClose(packed, oneByOne);
            assertThat(Rounding.largest(packed)).isGreaterThan(1e-3);
        }
    }

    private static float[] gradient(CompletionLearner learner, Weights weights, List<List<EncodedExample>> parts) {
        double total = parts.stream().mapToDouble(learner::weight).sum();
        try (Gradients gradients = new Gradients(TrainingFixture.BACKEND, TrainableTensors.all(weights.layout()))) {
            for (List<EncodedExample> part : parts) {
                learner.backward(
                        weights,
                        Head.none(),
                        new Learner.Part(part, learner.weight(part) / total, Dropout.none()),
                        new Learner.Sums(gradients, HeadGradients.none()));
            }
            return gradients.vector().toArray(0, weights.layout().size());
        }
    }

    @Test
    void aPackedRunThatIsStoppedEndsInTheSameAdapter() {
        Recipe recipe = Recipe.of(Map.of(
                "method",
                "full",
                "epochs",
                3,
                "batchSize",
                4,
                "maxLength",
                ROOM,
                "packing",
                true,
                "learningRate",
                3e-3));
        try (Views views = new Views(ToyDecoder.weights(TrainingFixture.BACKEND), List.of())) {
            TrainingJob job = job(views, recipe);
            TrainingOutcome whole = new Trainer(TrainingFixture.BACKEND)
                    .train(job, TrainingControl.unattended(new CheckpointStore(directory.resolve("whole"))));
            assertThat(interrupted(job)).isEqualTo(whole);
            long unpacked = new Trainer(TrainingFixture.BACKEND)
                    .train(
                            job(views, recipe.with("packing", false)),
                            TrainingControl.unattended(new CheckpointStore(directory.resolve("unpacked"))))
                    .steps();
            assertThat(whole.steps()).isLessThan(unpacked);
        }
    }

    private static TrainingJob job(Views views, Recipe recipe) {
        ParentVersion parent = new ParentVersion(
                ToyDecoder.CONFIG,
                ToyEncoder.digest(),
                VersionDigest.base(ToyEncoder.digest()),
                views,
                Mask.none(views.base().layout().eligible()));
        TaskData data = new TaskData(TaskId.of("toy", "packed"), TextObjective.GENERATION, 0, examples(60));
        return new TrainingJob(new RunId("run-1"), recipe, data, parent, Grant.of(1), List.of());
    }

    private TrainingOutcome interrupted(TrainingJob job) {
        return Interruptions.every(4, directory.resolve("parts")).train(job);
    }

    @Test
    void anObjectiveWithAHeadIsNotPacked() {
        try (TrainingFixture model = new TrainingFixture()) {
            Recipe recipe = Recipe.of(Map.of("method", "full", "packing", true));
            assertThatThrownBy(() -> model.train(ToyTasks.lookup("first", 1, 20), recipe, directory))
                    .isInstanceOfSatisfying(
                            TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_RECIPE));
        }
    }
}
