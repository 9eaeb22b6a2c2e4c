package io.tessellate.engine.train.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tessellate.engine.Rounding;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.batch.Dropout;
import io.tessellate.engine.model.fixture.ToyEncoder;
import io.tessellate.engine.model.head.HeadGradients;
import io.tessellate.engine.model.head.Step;
import io.tessellate.engine.model.head.Targets;
import io.tessellate.engine.model.weights.Gradients;
import io.tessellate.engine.model.weights.TrainableTensors;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.HeadObjective;
import io.tessellate.engine.objective.Learner;
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
import io.tessellate.engine.train.fixture.ToyTasks;
import io.tessellate.engine.train.fixture.TrainingFixture;
import io.tessellate.engine.train.replay.ReplayDraws.Draw;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.TaskId;
import io.tessellate.mask.adapter.Adapter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    /** The definition: the mean loss of the drawn inputs against what the task view says about each by itself. */
    @Test
    void theGradientIsThatOfTheMeanDivergenceFromTheTaskView() {
        learnFirst();
        TrainingJob job = model.job(other, Recipe.of(Map.of("method", "lotto", "distillShare", 0.5, "epochs", 1)));
        List<EncodedExample> examples = other.data().train();
        try (ModelPasses passes = new ModelPasses(TrainingFixture.BACKEND, ToyEncoder.CONFIG);
                Weights moved = ToyEncoder.weights(TrainingFixture.BACKEND)) {
            Function<Phase, List<int[]>> batches = phase -> phase == Phase.TRAIN ? List.of(BATCH) : List.of();
            Distillation distillation = Distillation.of(job.recipe(), job.learnt(), passes, examples, batches);
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

    @Test
    void withoutAnyEarlierDataTheUnionViewIsPulledTowardsTheTaskView() {
        learnFirst();
        Recipe recipe = Recipe.of(
                Map.of("method", "expander", "density", 0.125, "epochs", 6, "learningRate", 5e-3, "replayShare", 0));
        assertThat(lossAfter(recipe.with("distillShare", 1))).isLessThan(lossAfter(recipe) / 2);
    }

    /** Mean loss of the first task in the union view once the other is learnt, above that of its own view. */
    private double lossAfter(Recipe recipe) {
        Adapter adapter = model.train(
                        other,
                        recipe,
                        directory.resolve(String.valueOf(recipe.replay().distillShare())))
                .adapter();
        try (TrainingFixture later = new TrainingFixture();
                ModelPasses passes = new ModelPasses(TrainingFixture.BACKEND, ToyEncoder.CONFIG)) {
            later.commit(first, model.views().adapters().get(0));
            later.commit(other, adapter);
            Learner learner = HeadObjective.CLASSIFICATION.learner(passes);
            double own = learner.loss(later.views().task(0), later.views().head(0), first.eval());
            return learner.loss(later.views().union(), later.views().head(0), first.eval()) - own;
        }
    }

    @Test
    void generationIsRefusedByName() {
        TaskData text = new TaskData(
                TaskId.of("toy", "text"),
                TextObjective.GENERATION,
                0,
                other.data().train());
        TrainingJob job = model.job(
                new StreamTask(text, other.measure(), other.eval()),
                Recipe.of(Map.of("method", "lotto", "distillShare", 1, "learningRate", 1e-3)));
        assertThatExceptionOfType(TessellateException.class)
                .isThrownBy(() -> model.train(job, TrainingControl.unattended(new CheckpointStore(directory))))
                .withMessageContaining("'distillShare' is 1.0 but must be 0 for generation")
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_RECIPE));
    }
}
