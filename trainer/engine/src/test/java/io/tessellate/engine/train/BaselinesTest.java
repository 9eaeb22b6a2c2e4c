package io.tessellate.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tessellate.engine.Rounding;
import io.tessellate.engine.metric.Score;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.stream.StreamTask;
import io.tessellate.engine.train.entries.ElasticPenalty;
import io.tessellate.engine.train.fixture.ToyTasks;
import io.tessellate.engine.train.fixture.TrainingFixture;
import io.tessellate.engine.values.FloatBlocks;
import io.tessellate.engine.version.Views;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.mask.adapter.Factors;
import io.tessellate.mask.adapter.TensorUpdate;
import io.tessellate.safetensors.BrainFloat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is particular to elastic, low-rank and rounded training; what holds for every method is in {@link MethodsTest}. */
class BaselinesTest {
    private final TrainingFixture model = new TrainingFixture();
    private final StreamTask first = ToyTasks.lookup("first", 11, 320);
    private final StreamTask second = ToyTasks.lookup("second", 12, 320);

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        model.close();
    }

    private static Recipe recipe(String method, Map<String, Object> more) {
        Map<String, Object> fields = new HashMap<>(Map.of("method", method, "learningRate", 2e-3, "epochs", 8));
        fields.putAll(more);
        return Recipe.of(fields);
    }

    private Adapter train(StreamTask task, Recipe recipe, String name) {
        return model.train(task, recipe, directory.resolve(name)).adapter();
    }

    @Test
    void thePullsGradientIsThatOfThePenalty() {
        float[] anchor = {1, -2, 0.5f};
        float[] values = {1.5f, -2, 0, 7};
        float[] gradient = {0.1f, 0.2f, 0.3f, 0.4f};
        new ElasticPenalty(10, FloatBlocks.of(anchor), FloatBlocks.of(new float[] {2, 5, 1}))
                .addGradient(FloatBlocks.of(values), FloatBlocks.of(gradient));
        Rounding.single(3).assertClose(gradient, new float[] {10.1f, 0.2f, -4.7f, 0.4f});
    }

    @Test
    void elasticWeightsKeepMoreOfTheEarlierTaskAndLearnTheNext() {
        Map<String, Object> longer = Map.of("epochs", 12, "seed", 1);
        model.commit(first, train(first, recipe("ewc", longer), "first"));
        Adapter elastic = train(second, recipe("ewc", longer), "elastic");
        Adapter free = train(second, recipe("full", longer), "free");
        double kept = afterwards(elastic, first, 0);
        double learnt = afterwards(elastic, second, 1);
        assertThat(kept).isGreaterThan(afterwards(free, first, 0) + 0.1);
        assertThat(learnt).isGreaterThan(0.8);
    }

    /** Accuracy of a task in the union view once this adapter were committed too. */
    private double afterwards(Adapter adapter, StreamTask task, int ordinal) {
        try (var weights = model.views().union().copy()) {
            weights.apply(adapter);
            var head = ordinal == 0 ? model.views().head(0) : Views.headOf(adapter);
            return model.score(task, weights, head).value();
        }
    }

    @Test
    void withoutAnEarlierTaskElasticityChangesNothing() {
        Adapter elastic = train(first, recipe("ewc", Map.of("epochs", 1)), "elastic");
        Adapter free = train(first, recipe("full", Map.of("epochs", 1)), "free");
        assertThat(elastic.updates()).isEqualTo(free.updates());
        assertThat(elastic.head()).isEqualTo(free.head());
    }

    @ParameterizedTest
    @ValueSource(strings = {"lora", "pissa"})
    void anAdapterTellsTheFactorsOfWhatItChanges(String method) {
        Adapter adapter = train(first, recipe(method, Map.of("epochs", 2, "rank", 3, "alpha", 12)), "1");
        AdapterFile.write(directory.resolve("file"), adapter);
        assertThat(AdapterFile.read(directory.resolve("file"))).isEqualTo(adapter);
        assertThat(adapter.factors()).hasSameSizeAs(adapter.updates()).hasSize(12);
        for (Factors factors : adapter.factors()) {
            assertThat(factors.scale()).isEqualTo(4);
            TensorUpdate update = adapter.update(factors.tensor()).orElseThrow();
            Rounding.single(factors.rank() + 2L).assertClose(update.values(), changed(factors));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lora", "pissa"})
    void onlyTargetedMatricesHaveFactors(String method) {
        Adapter adapter = train(first, recipe(method, Map.of("epochs", 0.1, "targets", "qv")), "1");
        assertThat(adapter.factors())
                .hasSize(4)
                .extracting(Factors::tensor)
                .allMatch(name -> name.matches(".*(query|value)[.]weight"));
        assertThat(adapter.updates()).hasSize(4);
    }

    private float[] changed(Factors factors) {
        float[] values = model.views().base().get(factors.tensor());
        float[] a = factors.a();
        float[] b = factors.b();
        for (int n = 0; n < values.length; n++) {
            double change = 0;
            for (int k = 0; k < factors.rank(); k++) {
                change += (double) b[n / factors.columns() * factors.rank() + k]
                        * a[k * factors.columns() + n % factors.columns()];
            }
            values[n] += (float) (factors.scale() * change);
        }
        return values;
    }

    @Test
    void bfloatValuesAreTheRoundedOnesInLittleMoreThanHalfTheBytes() throws IOException {
        Recipe plain = recipe("random", Map.of("epochs", 2, "density", 0.3));
        Adapter whole = train(first, plain, "plain");
        Adapter rounded = train(first, plain.with("values", "bf16"), "rounded");
        assertThat(rounded.head()).isEqualTo(whole.head());
        for (TensorUpdate update : whole.updates()) {
            float[] expected = update.values();
            for (int n = 0; n < expected.length; n++) {
                expected[n] = BrainFloat.nearest(expected[n]);
            }
            TensorUpdate found = rounded.update(update.name()).orElseThrow();
            assertThat(found.values()).isEqualTo(expected);
            assertThat(found.indices()).isEqualTo(update.indices());
        }
        AdapterFile.write(directory.resolve("whole.file"), whole);
        AdapterFile.write(directory.resolve("rounded.file"), rounded);
        long saved = Files.size(directory.resolve("whole.file")) - Files.size(directory.resolve("rounded.file"));
        assertThat(saved).isBetween(2 * whole.entries() - 64, 2 * whole.entries() + 64);

        model.commit(first, rounded);
        Score scored = model.score(first, model.views().union(), model.views().head(0));
        TensorUpdate one = rounded.updates().get(0);
        model.views().union().assign(one.name(), one.indices(), one.values());
        assertThat(model.score(first, model.views().union(), model.views().head(0))
                        .digest())
                .isEqualTo(scored.digest());
    }

    @Test
    void aRoundedFullFineTuningIsRoundedWhole() {
        Adapter adapter = train(first, recipe("full", Map.of("epochs", 1, "values", "bf16")), "1");
        for (TensorUpdate update : adapter.updates()) {
            for (float value : update.values()) {
                assertThat(value).isEqualTo(BrainFloat.nearest(value));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "lora, values, bf16, must be fp32",
        "pissa, values, bf16, must be fp32",
        "lora, elasticity, 5, must be 0"
    })
    void whatFactorsCannotHoldIsRefused(String method, String field, String value, String rule) {
        Object given = field.equals("values") ? value : Double.parseDouble(value);
        assertThatExceptionOfType(TessellateException.class)
                .isThrownBy(() -> Recipe.of(Map.of("method", method, field, given)))
                .withMessageContaining(rule)
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_RECIPE));
    }
}
