package io.tessellate.evaluator.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tessellate.dataset.manifest.MetricName;
import io.tessellate.engine.metric.Outcomes;
import io.tessellate.id.ModelName;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.fixture.RegistryLog;
import io.tessellate.lineage.log.Author;
import io.tessellate.mask.LayerName;
import io.tessellate.runtime.kafka.work.Cancellation;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tasks of ten examples, one more of which comes true with each adapter. */
class TransferSearchTest {
    private static final int EXAMPLES = 10;

    private final RegistryLog log = new RegistryLog("bot");
    private final Set<String> headed = new HashSet<>();

    /** A task that is scored by counting adapters; its own counts for four. */
    private record Counted(CommittedVersion own, boolean headless) implements TransferSearch.Opened, CompositionScores {
        @Override
        public CompositionScores scores() {
            return this;
        }

        @Override
        public String metric() {
            return "exact_match";
        }

        @Override
        public int examples() {
            return EXAMPLES;
        }

        @Override
        public Scored of(Composition composition) {
            int right = composition.commits().size() + (composition.has(own) ? 3 : 0);
            double[] predictions = new double[EXAMPLES];
            double[] targets = new double[EXAMPLES];
            for (int i = right; i < EXAMPLES; i++) {
                predictions[i] = 1;
            }
            Outcomes outcomes = new Outcomes(MetricName.ACCURACY, predictions, targets);
            return new Scored(outcomes.score(), outcomes);
        }

        @Override
        public Map<LayerName, Long> layers(CommittedVersion commit) {
            return Map.of();
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }

    private Transfer transfer(Map<TaskName, Double> bounds) {
        var question = new TransferQuestion(new ModelName("bot"), OptionalInt.empty(), bounds, new Author("ada", ""));
        return new TransferSearch(
                        commit -> new Counted(
                                commit, !headed.contains(commit.task().task().value())),
                        step -> {},
                        new Cancellation())
                .of(log.line(), log.line().currentVersion(), question);
    }

    private void commit(String... tasks) {
        log.register();
        for (String task : tasks) {
            log.commit(task);
        }
    }

    @Test
    void forwardTransferIsTheMeanOverTasksBehindTheFirst() {
        commit("one", "two", "three");

        Transfer transfer = transfer(Map.of());

        assertThat(transfer.forward()).hasValueCloseTo((0.1 + 0.2) / 2, within(1e-12));
        assertThat(transfer.over()).isEqualTo(2);
        assertThat(transfer.tasks().get(0).undefined()).contains("the first task");
        assertThat(transfer.tasks().get(2).trainedOn()).containsExactly(1, 2);
        assertThat(transfer.tasks().get(2).before().test().won()).isEqualTo(2);
        assertThat(transfer.scorings()).isEqualTo(3 * 3 - 1);
    }

    @Test
    void aTaskWithAHeadOfItsOwnHasNoneAndSaysSo() {
        commit("one", "two", "three");
        headed.add("two");

        Transfer transfer = transfer(Map.of());

        assertThat(transfer.forward()).hasValueCloseTo(0.2, within(1e-12));
        assertThat(transfer.over()).isEqualTo(1);
        TaskTransfer two = transfer.tasks().get(1);
        assertThat(two.before()).isNull();
        assertThat(two.untrained()).isNull();
        assertThat(two.learnt()).isNull();
        assertThat(two.undefined()).contains("its head was learnt with it");
        assertThat(TransferJson.of(transfer).tasks().get(1).undefined()).isEqualTo(two.undefined());
        assertThat(TransferJson.of(transfer).formulas()).containsKeys("forwardTransfer", "intransigence");
    }

    @Test
    void intransigenceIsHeldAgainstTheBoundThatIsGivenForHeadsToo() {
        commit("one", "two");
        headed.add("two");

        Transfer transfer = transfer(Map.of(new TaskName("two"), 0.9));

        assertThat(transfer.tasks().get(0).intransigence()).isNull();
        assertThat(transfer.tasks().get(1).intransigence()).isEqualTo(0.9 - 0.5, within(1e-12));
        assertThat(transfer.forward()).isEmpty();
        assertThatThrownBy(() -> transfer(Map.of(new TaskName("three"), 0.9)))
                .hasMessage("a bound is given for task 'three', but version 2 of model bot holds [one, two]");
        assertThatThrownBy(() -> transfer(Map.of(new TaskName("two"), Double.NaN)))
                .hasMessageContaining("which is no score");
    }
}
