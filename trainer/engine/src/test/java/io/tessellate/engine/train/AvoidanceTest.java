package io.tessellate.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.method.TargetGroup;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.model.fixture.ToyDecoder;
import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.TaskData;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.stream.StreamTask;
import io.tessellate.engine.train.checkpoint.CheckpointPolicy;
import io.tessellate.engine.train.checkpoint.CheckpointStore;
import io.tessellate.engine.train.fixture.ToyTasks;
import io.tessellate.engine.train.fixture.TrainingFixture;
import io.tessellate.engine.train.gradient.Probe;
import io.tessellate.mask.Apportionment;
import io.tessellate.mask.Mask;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.mask.adapter.EntryIndex;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Masks fixed by their structure, without the weights of theirs that matter most to earlier tasks. */
class AvoidanceTest {
    private final TrainingFixture model = new TrainingFixture();
    private final StreamTask first = ToyTasks.lookup("first", 1, 64);
    private final StreamTask second = ToyTasks.lookup("second", 2, 64);
    private int runs;

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        model.close();
    }

    private static Recipe recipe(String method, Map<String, Object> fields) {
        Map<String, Object> all = new HashMap<>(Map.of("epochs", 0.5, "density", 0.125, "learningRate", 1e-2));
        all.put("method", method);
        all.putAll(fields);
        return Recipe.of(all);
    }

    private Adapter train(TrainingFixture on, StreamTask task, Recipe recipe) {
        return on.train(task, recipe, directory.resolve("run-" + runs++)).adapter();
    }

    private Adapter train(StreamTask task, Recipe recipe) {
        return train(model, task, recipe);
    }

    private Mask mask(Adapter adapter) {
        return adapter.mask(model.owned().space());
    }

    private Adapter commit(StreamTask task, Recipe recipe) {
        Adapter adapter = train(task, recipe);
        model.commit(task, adapter);
        return adapter;
    }

    /** One weight of a mask, and how much it matters to earlier tasks. */
    private record Harm(int tensor, int index, float harm) {}

    /** Harms in the mask's order. */
    private List<Harm> harms(Mask whole, Recipe recipe) {
        Weights union = model.views().union();
        float[] harm = Probe.of(model.job(second, recipe), whole, (gradients, entries, head) -> {
            return switch (recipe.avoid()) {
                case NONE -> new float[(int) entries.size()];
                case FISHER -> gradients.earlierFisher().relative(entries).toArray();
                case CONFLICT -> gradients.conflict(entries, union, head).toArray();
            };
        });
        int[] next = {0};
        return IntStream.range(0, whole.space().tensorCount())
                .boxed()
                .flatMap(t -> IntStream.of(whole.indices(t)).mapToObj(index -> new Harm(t, index, harm[next[0]++])))
                .toList();
    }

    private static Mask leastHarmful(Stream<Harm> harms, long count, Mask.Builder into) {
        harms.sorted(Comparator.comparing(Harm::harm)).limit(count).forEach(one -> into.add(one.tensor(), one.index()));
        return into.build();
    }

    /** The mask without the most harmful, by sorting. */
    private Mask reference(Mask whole, Recipe recipe) {
        List<Harm> harms = harms(whole, recipe);
        long kept = whole.cardinality() - (long) Math.floor(recipe.avoidShare() * whole.cardinality());
        Mask.Builder into = Mask.builder(whole.space());
        if (recipe.fields().get("maskScope").equals("global")) {
            return leastHarmful(harms.stream(), kept, into);
        }
        int[] shares = Apportionment.of(kept, whole, whole);
        for (int t = 0; t < shares.length; t++) {
            int tensor = t;
            leastHarmful(harms.stream().filter(one -> one.tensor() == tensor), shares[t], into);
        }
        return into.build();
    }

    @ParameterizedTest
    @CsvSource({
        "expander, fisher, global, 0.5",
        "expander, conflict, tensor, 0.3",
        "switches, fisher, tensor, 0.37",
        "switches, conflict, global, 0.2",
        "matchings, fisher, global, 0.9",
        "matchings, conflict, tensor, 0.5",
        "one_sided, fisher, tensor, 0.41",
        "one_sided, conflict, global, 0.5"
    })
    void exactlyTheShareOfItThatMattersMostIsLeftOut(String method, String avoid, String scope, double share) {
        commit(first, recipe(method, Map.of()));
        Mask whole = mask(train(second, recipe(method, Map.of())));
        Recipe recipe = recipe(method, Map.of("avoid", avoid, "avoidShare", share, "maskScope", scope));

        Adapter adapter = train(second, recipe);
        Mask part = mask(adapter);

        assertThat(whole.cardinality()).isEqualTo(2_048);
        assertThat(part.isSubsetOf(whole)).isTrue();
        assertThat(part.cardinality()).isEqualTo(2_048 - (long) Math.floor(share * 2_048));
        assertThat(part).isEqualTo(reference(whole, recipe));
        assertThat(part.intersects(model.owned())).isFalse();
        assertThat(train(second, recipe)).isEqualTo(adapter);
    }

    @ParameterizedTest
    @ValueSource(strings = {"expander", "switches", "matchings", "one_sided"})
    void onlyWhatIsTargetedIsRankedAndLeftOut(String method) {
        commit(first, recipe(method, Map.of()));
        Mask whole = mask(train(second, recipe(method, Map.of("targets", "mlp"))));
        Recipe recipe = recipe(method, Map.of("targets", "mlp", "avoid", "fisher", "avoidShare", 0.25));
        Mask part = mask(train(second, recipe));
        assertThat(whole.cardinality()).isEqualTo(1_024);
        assertThat(part.cardinality()).isEqualTo(768);
        assertThat(part).isEqualTo(reference(whole, recipe));
    }

    @ParameterizedTest
    @ValueSource(strings = {"expander", "switches", "matchings", "one_sided"})
    void theFirstTaskHasNothingToAvoid(String method) {
        Adapter plain = train(first, recipe(method, Map.of()));
        Adapter avoiding = train(first, recipe(method, Map.of("avoid", "conflict")));
        assertThat(avoiding.updates()).isEqualTo(plain.updates());
        assertThat(avoiding.updates())
                .allMatch(update -> update.index() instanceof EntryIndex.Seeded == method.equals("expander"));
    }

    @Test
    void aShareOfLessThanOneWeightLeavesTheClassAsItIs() {
        commit(first, recipe("expander", Map.of()));
        Adapter adapter = train(second, recipe("expander", Map.of("avoid", "fisher", "avoidShare", 0.0004)));
        assertThat(adapter.updates()).allMatch(update -> update.index() instanceof EntryIndex.Seeded);
    }

    @Test
    void aPartOfAClassIsStoredByItsIndicesAndReadsBackAsTheSameMask() {
        commit(first, recipe("expander", Map.of()));
        Adapter adapter = train(second, recipe("expander", Map.of("avoid", "fisher", "maskScope", "tensor")));
        assertThat(adapter.updates()).allMatch(update -> update.index() instanceof EntryIndex.Listed);
        assertReadsBack(adapter);
        model.commit(second, adapter);
        Mask third = mask(train(ToyTasks.lookup("third", 3, 64), recipe("expander", Map.of("avoid", "conflict"))));
        assertThat(third.intersects(model.owned())).isFalse();
    }

    private void assertReadsBack(Adapter adapter) {
        Path file = directory.resolve("adapter.safetensors");
        AdapterFile.write(file, adapter);
        assertThat(AdapterFile.read(file)).isEqualTo(adapter);
    }

    @Test
    void tensorsThatAreWholeStaySeeded() {
        commit(first, recipe("expander", Map.of()));
        Adapter adapter = train(second, recipe("expander", Map.of("avoid", "fisher", "avoidShare", 0.0005)));
        assertThat(mask(adapter).cardinality()).isEqualTo(2_047);
        assertThat(adapter.updates().stream().filter(update -> update.index() instanceof EntryIndex.Listed))
                .hasSize(1);
        assertReadsBack(adapter);
    }

    @Test
    void aCheckpointKeepsTheMaskThatWasFound() {
        commit(first, recipe("matchings", Map.of()));
        TrainingJob job = model.job(second, recipe("matchings", Map.of("avoid", "conflict")));
        CheckpointStore store = new CheckpointStore(directory.resolve("kept"));
        TrainingOutcome outcome = model.train(
                job,
                new TrainingControl(
                        progress -> {}, () -> false, store, CheckpointPolicy.everySteps(1), Clock.systemUTC()));
        assertThat(store.load(job.digest(TrainingFixture.BACKEND), model.owned().space()))
                .hasValueSatisfying(
                        checkpoint -> assertThat(checkpoint.past().choices()).containsExactly(mask(outcome.adapter())));
    }

    /** Query, key and value are columns of one matrix there. */
    @Test
    void queriesAndValuesOfAGpt2ArePartOfAnExpandersClass() {
        try (TrainingFixture decoder =
                new TrainingFixture(ToyDecoder.GPT2, ToyDecoder.weights(TrainingFixture.BACKEND, ToyDecoder.GPT2))) {
            ParameterLayout layout = decoder.views().base().layout();
            Mask targeted = layout.weights(TargetGroup.QV::contains);
            Mask whole = train(decoder, small("one", 4), recipe("expander", Map.of("density", 0.25)))
                    .mask(layout.eligible());
            Adapter adapter =
                    train(decoder, small("one", 4), recipe("expander", Map.of("density", 0.25, "targets", "qv")));
            assertThat(adapter.mask(layout.eligible())).isEqualTo(whole.intersection(targeted));
            assertThat(adapter.updates()).hasSize(2).allMatch(update -> update.index() instanceof EntryIndex.Listed);
            assertReadsBack(adapter);

            decoder.commit(small("one", 4), adapter);
            Recipe avoiding = recipe("expander", Map.of("density", 0.25, "targets", "qv", "avoid", "fisher"));
            Adapter next = train(decoder, small("two", 5), avoiding);
            Mask part = next.mask(layout.eligible());
            assertThat(part.cardinality())
                    .isEqualTo((adapter.mask(layout.eligible()).cardinality() + 1) / 2);
            assertThat(part.isSubsetOf(targeted)).isTrue();
            assertThat(part.intersects(decoder.owned())).isFalse();
            assertReadsBack(next);
        }
    }

    /** A task of the words that the decoder has. */
    private static StreamTask small(String name, int seed) {
        StreamTask large = ToyTasks.lookup(name, seed, 64);
        List<EncodedExample> train = large.data().train().stream()
                .map(example -> new EncodedExample(folded(example.sequences().get(0)), example.target()))
                .toList();
        TaskData data = new TaskData(large.data().task(), large.data().objective(), 3, train);
        return new StreamTask(data, large.measure(), List.of());
    }

    private static TokenSequence folded(TokenSequence sequence) {
        int[] ids = IntStream.of(sequence.ids()).map(id -> 3 + id % 32).toArray();
        return new TokenSequence(ids, sequence.types());
    }
}
