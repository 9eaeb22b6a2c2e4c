package io.tessellate.engine.train.entries;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.optimizer.OptimizerKind;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.stream.StreamTask;
import io.tessellate.engine.train.fixture.ToyTasks;
import io.tessellate.engine.train.fixture.TrainingFixture;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.method.MethodName;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever the method and the update rule: what a task does not own keeps its bits while momentum, decay and both kinds of
 * clipping are at work on what it does.
 */
class FrozenWeightsTest {
    private static final Map<String, Object> HARSH =
            Map.of("weightDecay", 0.1, "clipNorm", 0.05, "clipTensorNorm", 0.02, "dropout", 0.1);

    private final TrainingFixture model = new TrainingFixture();
    private final StreamTask first = ToyTasks.lookup("first", 1, 160);
    private final StreamTask second = ToyTasks.lookup("second", 2, 160);

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        model.close();
    }

    static Stream<Arguments> everyMethodUnderEveryRule() {
        return MethodName.texts().stream()
                .flatMap(method -> Stream.of(OptimizerKind.values()).map(rule -> Arguments.of(method, rule.label())));
    }

    private static Recipe recipe(String method, String optimizer, Map<String, Object> more) {
        Map<String, Object> fields = new HashMap<>(more);
        fields.putAll(Map.of("method", method, "optimizer", optimizer, "epochs", 3, "learningRate", 1e-2));
        if (Recipe.of(Map.of("method", method)).density() < 1) {
            fields.put("density", 0.125);
        }
        return Recipe.of(fields);
    }

    private Adapter train(StreamTask task, Recipe recipe) {
        return model.train(
                        task,
                        recipe,
                        directory.resolve(task.data().task().task().value()))
                .adapter();
    }

    @ParameterizedTest
    @MethodSource("everyMethodUnderEveryRule")
    void whatATaskDoesNotOwnKeepsItsBits(String method, String optimizer) {
        Recipe recipe = recipe(method, optimizer, HARSH);
        model.commit(first, train(first, recipe));
        float[] parent = all(model.views().union());
        Adapter adapter = train(second, recipe);
        assertThat(bits(all(model.views().union()))).as("the parent itself").isEqualTo(bits(parent));

        model.commit(second, adapter);
        int[] before = bits(parent);
        int[] after = bits(all(model.views().union()));
        boolean[] owned = owned(adapter, before.length);
        long moved = 0;
        for (int i = 0; i < before.length; i++) {
            boolean same = before[i] == after[i];
            assertThat(same || owned[i]).as("weight %d", i).isTrue();
            moved += same ? 0 : 1;
        }
        assertThat(moved).isGreaterThan(adapter.entries() / 2);
    }

    private boolean[] owned(Adapter adapter, int size) {
        boolean[] owned = new boolean[size];
        adapter.updates().forEach(update -> {
            int offset =
                    (int) model.views().union().layout().tensor(update.name()).offset();
            update.index().forEach(index -> owned[offset + index] = true);
        });
        return owned;
    }

    private static float[] all(Weights weights) {
        return weights.vector().toArray(0, weights.vector().size());
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }

    /** Else the test above would say nothing about them. */
    @ParameterizedTest
    @EnumSource
    void decayAndBothKindsOfClippingAreAtWork(OptimizerKind rule) {
        Adapter harsh = train(first, recipe("lotto", rule.label(), HARSH));
        for (String field : HARSH.keySet()) {
            Map<String, Object> without = new HashMap<>(HARSH);
            without.put(field, 0.0);
            assertThat(train(first, recipe("lotto", rule.label(), without)).updates())
                    .as("without %s", field)
                    .isNotEqualTo(harsh.updates());
        }
    }
}
