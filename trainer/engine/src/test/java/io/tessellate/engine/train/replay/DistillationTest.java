package io.tessellate.engine.train.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.Rounding;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.batch.Dropout;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.model.fixture.ToyDecoder;
import io.tessellate.engine.model.fixture.ToyEncoder;
import io.tessellate.engine.model.head.HeadGradients;
import io.tessellate.engine.model.head.Step;
import io.tessellate.engine.model.head.Targets;
import io.tessellate.engine.model.weights.Gradients;
import io.tessellate.engine.model.weights.TrainableTensors;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.HeadObjective;
import io.tessellate.engine.objective.HeadScorer;
import io.tessellate.engine.objective.ModelPasses;
import io.tessellate.engine.objective.TaskData;
import io.tessellate.engine.objective.TextObjective;
import io.tessellate.engine.optimizer.GradientNorm;
import io.tessellate.engine.recipe.Phase;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.recipe.Seeds;
import io.tessellate.engine.stream.StreamTask;
import io.tessellate.engine.train.TrainingControl;
import io.tessellate.engine.train.TrainingJob;
import io.tessellate.engine.train.checkpoint.CheckpointStore;
import io.tessellate.engine.train.curriculum.Curriculum;
import io.tessellate.engine.train.fixture.ToyTasks;
import io.tessellate.engine.train.fixture.TrainingFixture;
import io.tessellate.engine.train.replay.ReplayDraws.Draw;
import io.tessellate.id.TaskId;
import io.tessellate.mask.adapter.Adapter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("numeric")
@Tag("kernel")
class DistillationTest {
    private static final int[] BATCH = {7, 3, 9, 4};

    private final TrainingFixture model = new TrainingFixture();
    private final StreamTask first = ToyTasks.lookup("first", 3, 300);
    private final StreamTask other = ToyTasks.lookup("other", 2, 300);

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        model.close();
    }

    private static DistillDraws draws(double share, int tasks) {
        return new DistillDraws(share, BATCH.length, tasks, new Seeds(4), "distill");
    }

    @Test
    void someOfTheBatchGoToOneTaskAfterTheOther() {
        DistillDraws draws = draws(0.5, 3);
        for (int step = 0; step < 6; step++) {
            assertThat(draws.at(step, BATCH)).hasSize(2).extracting(Draw::task).containsOnly(step % 3);
            assertThat(draws.at(step, BATCH))
                    .extracting(Draw::position)
                    .doesNotHaveDuplicates()
                    .allMatch(position -> IntStream.of(BATCH).anyMatch(member -> member == position));
        }
        assertThat(draws.at(0, BATCH)).isEqualTo(draws(0.5, 3).at(0, BATCH));
        assertThat(draws(0.5, 0).at(0, BATCH)).isEmpty();
    }

    @Test
    void fractionsAddUpAndASmallShareTakesTurnsDrawByDraw() {
        List<Draw> all = IntStream.range(0, 30)
                .mapToObj(step -> draws(0.1, 2).at(step, BATCH))
                .flatMap(List::stream)
                .toList();
        assertThat(all).hasSize(12).extracting(Draw::task).containsExactly(0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1);
    }

    @Test
    void aShareAboveOneGoesOnWithTheNextTask() {
        assertThat(draws(1.5, 3).at(0, BATCH)).extracting(Draw::task).containsExactly(0, 0, 0, 0, 1, 1);
        assertThat(draws(1.5, 3).at(1, BATCH)).extracting(Draw::task).containsExactly(2, 2, 2, 2, 0, 0);
        assertThat(draws(5, 2).at(0, BATCH)).as("no pair twice").hasSize(8).doesNotHaveDuplicates();
    }

    private void learnFirst() {
        Recipe recipe = Recipe.of(Map.of("method", "expander", "density", 0.125, "epochs", 6, "learningRate", 5e-3));
        model.commit(first, model.train(first, recipe, directory.resolve("1")).adapter());
    }

    @Test
    void viewsAreAskedAboutEveryInputBeforeAMillionEpochsAreGoneThrough() {
        learnFirst();
        TrainingJob job = model.job(other, Recipe.of(Map.of("method", "lotto", "distillShare", 0.5, "epochs", 1e6)));
        Curriculum curriculum = Curriculum.of(job.recipe(), job.data(), job.learnt());
        AtomicLong steps = new AtomicLong();
        try (ModelPasses passes = new ModelPasses(TrainingFixture.BACKEND, ToyEncoder.CONFIG)) {
            Distillation.of(
                    job.recipe(),
                    job.learnt(),
                    passes,
                    other.data().train(),
                    curriculum::ownBatches,
                    steps::incrementAndGet);
        }
        assertThat(steps.get()).isLessThan(curriculum.steps(Phase.TRAIN) / 1000);
    }

    /** The definition: the mean loss of the drawn inputs against what the task view says about each by itself. */
    @Test
    void theGradientIsThatOfTheMeanDivergenceFromTheTaskView() {
        learnFirst();
        TrainingJob job = model.job(other, Recipe.of(Map.of("method", "lotto", "distillShare", 0.5, "epochs", 1)));
        List<EncodedExample> examples = other.data().train();
        try (ModelPasses passes = new ModelPasses(TrainingFixture.BACKEND, ToyEncoder.CONFIG);
                Weights moved = ToyEncoder.weights(TrainingFixture.BACKEND)) {
            Function<Phase, Stream<int[]>> batches = phase -> phase == Phase.TRAIN ? Stream.of(BATCH) : Stream.empty();
            Distillation distillation =
                    Distillation.of(job.recipe(), job.learnt(), passes, examples, batches, () -> {});
            Rounding rounding = Rounding.pass(ToyEncoder.CONFIG, 16, 4 * 16);
            double[] still = gradient(into ->
                    distillation.add(Phase.TRAIN, 0, BATCH, model.views().task(0), Dropout.none(), into));
            assertThat(Rounding.largest(still)).isLessThan(rounding.bound(1));

            List<Integer> drawn = new DistillDraws(0.5, 16, 1, new Seeds(0), "distill/train")
                    .at(0, BATCH).stream().map(Draw::position).toList();
            assertThat(drawn).hasSize(4);
            double[] actual = gradient(into -> distillation.add(Phase.TRAIN, 0, BATCH, moved, Dropout.none(), into));
            double[] expected = gradient(into -> {
                for (int position : drawn) {
                    List<EncodedExample> one = List.of(examples.get(position));
                    float[] wanted = passes.encoder()
                            .logits(
                                    model.views().task(0),
                                    model.views().head(0),
                                    EncodedExample.batch(one, ToyEncoder.CONFIG));
                    Step step = new Step(
                            EncodedExample.batch(one, ToyEncoder.CONFIG),
                            Targets.soft(wanted, 3, 2),
                            1.0 / drawn.size(),
                            Dropout.none());
                    passes.encoder().backward(moved, model.views().head(0), step, into, HeadGradients.none());
                }
            });
            assertThat(GradientNorm.of(floats(actual))).isGreaterThan(1e-3);
            rounding.assertClose(actual, expected);
        }
    }

    private double[] gradient(Consumer<Gradients> adder) {
        try (Gradients gradients = new Gradients(
                TrainingFixture.BACKEND,
                TrainableTensors.all(model.views().base().layout()))) {
            gradients.zero();
            adder.accept(gradients);
            float[] values = gradients.vector().toArray(0, gradients.vector().size());
            return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
        }
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    /** On own inputs, or on random ones alone. */
    @ParameterizedTest
    @ValueSource(strings = {"distillShare", "pseudoShare"})
    void withoutAnyEarlierDataTheUnionViewIsPulledTowardsTheTaskView(String share) {
        learnFirst();
        Recipe recipe = Recipe.of(
                Map.of("method", "expander", "density", 0.125, "epochs", 6, "learningRate", 5e-3, "replayShare", 0));
        double without = movedBy(model, new TrainingFixture(), first, other, recipe);
        assertThat(movedBy(model, new TrainingFixture(), first, other, recipe.with(share, 1)))
                .isLessThan(without / 2);
    }

    /** The definition, beside own inputs: each kind's mean loss counts as much as the batch's. */
    @Test
    void whatRandomInputsAddIsTheMeanDivergenceOnThem() {
        learnFirst();
        Map<String, Object> fields = Map.of("method", "lotto", "epochs", 1, "replayShare", 0);
        List<EncodedExample> examples = other.data().train();
        PseudoInputs random = new PseudoInputs(
                examples.stream().map(example -> example.sequences().get(0)).toList(), ToyEncoder.CONFIG, new Seeds(0));
        Function<Phase, Stream<int[]>> batches = phase -> phase == Phase.TRAIN ? Stream.of(BATCH) : Stream.empty();
        try (ModelPasses passes = new ModelPasses(TrainingFixture.BACKEND, ToyEncoder.CONFIG);
                Weights moved = ToyEncoder.weights(TrainingFixture.BACKEND)) {
            Function<Map<String, Object>, double[]> of = shares -> {
                Map<String, Object> all = new HashMap<>(fields);
                all.putAll(shares);
                TrainingJob job = model.job(other, Recipe.of(all));
                Distillation held = Distillation.of(job.recipe(), job.learnt(), passes, examples, batches, () -> {});
                return gradient(into -> held.add(Phase.TRAIN, 0, BATCH, moved, Dropout.none(), into));
            };
            double[] own = of.apply(Map.of("distillShare", 0.5));
            double[] both = of.apply(Map.of("distillShare", 0.5, "pseudoShare", 0.25));
            List<Draw> drawn = new DistillDraws(0.25, 16, 1, new Seeds(0), "pseudo/train").at(0, BATCH);
            double[] added = gradient(into -> {
                for (Draw draw : drawn) {
                    Batch one = EncodedExample.batch(
                            List.of(new EncodedExample(random.apply(draw.position()), 0)), ToyEncoder.CONFIG);
                    float[] wanted = passes.encoder()
                            .logits(model.views().task(0), model.views().head(0), one);
                    Step step = new Step(one, Targets.soft(wanted, 3, 2), 1.0 / drawn.size(), Dropout.none());
                    passes.encoder().backward(moved, model.views().head(0), step, into, HeadGradients.none());
                }
            });
            double[] expected = IntStream.range(0, own.length)
                    .mapToDouble(n -> own[n] + added[n])
                    .toArray();
            assertThat(GradientNorm.of(floats(added))).isGreaterThan(1e-3);
            Rounding.pass(ToyEncoder.CONFIG, 16, 8 * 16).assertClose(both, expected);
        }
    }

    @Test
    void theTextsOfAGenerationTaskHoldEarlierHeadsToo() {
        StreamTask classes = new StreamTask(
                new TaskData(
                        first.data().task(),
                        first.data().objective(),
                        3,
                        ofDecoder(first.data().train(), -1)),
                first.measure(),
                ofDecoder(first.eval(), -1));
        List<EncodedExample> completions = ofDecoder(other.data().train(), 2);
        TaskData text = new TaskData(TaskId.of("toy", "text"), TextObjective.GENERATION, 0, completions);
        StreamTask texts = new StreamTask(text, other.measure(), completions);
        Recipe recipe = Recipe.of(
                Map.of("method", "random", "density", 0.25, "epochs", 6, "learningRate", 2e-2, "replayShare", 0));
        try (TrainingFixture decoder = decoder()) {
            decoder.commit(
                    classes,
                    decoder.train(classes, recipe, directory.resolve("1")).adapter());
            double without = movedBy(decoder, decoder(), classes, texts, recipe);
            assertThat(movedBy(decoder, decoder(), classes, texts, recipe.with("distillShare", 1)))
                    .isLessThan(0.8 * without);
        }
    }

    private static TrainingFixture decoder() {
        return new TrainingFixture(ToyDecoder.CONFIG, ToyDecoder.weights(TrainingFixture.BACKEND));
    }

    /** The same with tokens that a toy decoder has, as texts to go on with after so many tokens unless their label stays. */
    private static List<EncodedExample> ofDecoder(List<EncodedExample> examples, int completed) {
        return examples.stream()
                .map(example -> {
                    int[] ids = IntStream.of(example.sequences().get(0).ids())
                            .map(id -> id % ToyDecoder.CONFIG.vocabulary())
                            .toArray();
                    TokenSequence tokens = new TokenSequence(ids, new int[ids.length]);
                    return new EncodedExample(tokens, completed < 0 ? example.target() : completed);
                })
                .toList();
    }

    /** How far logits of an earlier task in the union view are from those of its own view, once another is learnt. */
    private double movedBy(
            TrainingFixture before, TrainingFixture fresh, StreamTask earlier, StreamTask task, Recipe recipe) {
        Path checkpoints = directory.resolve("%s-%s"
                .formatted(recipe.replay().distillShare(), recipe.replay().pseudoShare()));
        TrainingJob job = before.job(task, recipe);
        Adapter adapter = before.train(job, TrainingControl.unattended(new CheckpointStore(checkpoints)))
                .adapter();
        try (TrainingFixture later = fresh;
                ModelPasses passes =
                        new ModelPasses(TrainingFixture.BACKEND, job.parent().config())) {
            later.commit(earlier, before.views().adapters().get(0));
            later.commit(task, adapter);
            HeadScorer scorer = new HeadScorer(passes.encoder(), job.parent().config(), HeadObjective.CLASSIFICATION);
            float[] own = HeadScorer.flat(
                    scorer.logits(later.views().task(0), later.views().head(0), earlier.eval()));
            float[] union = HeadScorer.flat(
                    scorer.logits(later.views().union(), later.views().head(0), earlier.eval()));
            return IntStream.range(0, own.length)
                    .mapToDouble(i -> Math.abs(union[i] - own[i]))
                    .average()
                    .orElseThrow();
        }
    }
}
