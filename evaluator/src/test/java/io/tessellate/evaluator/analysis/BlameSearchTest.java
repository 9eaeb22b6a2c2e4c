package io.tessellate.evaluator.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.tessellate.dataset.manifest.MetricName;
import io.tessellate.engine.metric.Outcomes;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.StoppedException;
import io.tessellate.error.TessellateException;
import io.tessellate.id.TaskId;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.fixture.RegistryLog;
import io.tessellate.lineage.log.Author;
import io.tessellate.lineage.log.Intervention;
import io.tessellate.mask.LayerName;
import io.tessellate.runtime.kafka.work.Cancellation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** A task of a hundred examples, of which adapters get some wrong that would be right without them. */
class BlameSearchTest {
    private static final int EXAMPLES = 100;
    private static final LayerName FIRST = LayerName.of("layer.0.w");
    private static final LayerName SECOND = LayerName.of("layer.1.w");

    private final RegistryLog log = new RegistryLog("bot");
    private final List<BlameProgress> progress = new ArrayList<>();
    /** Of each rule: which examples it spoils, while what holds. */
    private final List<Spoils> rules = new ArrayList<>();

    private final Cancellation cancellation = new Cancellation();

    private record Spoils(int from, int to, Predicate<Composition> when) {}

    /** Which layers of a task a composition applies. */
    private static boolean applies(Composition composition, String task, LayerName layer) {
        boolean held = composition.commits().stream().anyMatch(commit -> is(commit, task));
        boolean cut = composition
                .cut()
                .filter(one -> is(one.commit(), task) && one.layer().equals(layer))
                .isPresent();
        return held && !cut;
    }

    private static boolean is(CommittedVersion commit, String task) {
        return commit.task().task().value().equals(task);
    }

    private final CompositionScores scores = new CompositionScores() {
        @Override
        public Scored of(Composition composition) {
            double[] predictions = new double[EXAMPLES];
            for (Spoils rule : rules) {
                for (int i = rule.from(); i < rule.to() && rule.when().test(composition); i++) {
                    predictions[i] = 1;
                }
            }
            Outcomes outcomes = new Outcomes(MetricName.ACCURACY, predictions, new double[EXAMPLES]);
            return new Scored(outcomes.score(), outcomes);
        }

        @Override
        public Map<LayerName, Long> layers(CommittedVersion commit) {
            return new TreeMap<>(Map.of(FIRST, 10L, SECOND, 20L));
        }
    };

    private Blame blame(String task, OptionalInt scorings) {
        ModelLine line = log.line();
        CommittedVersion own =
                line.holding(line.currentVersion()).of(new TaskName(task)).orElseThrow();
        return new BlameSearch(scores, progress::add, cancellation)
                .of(line, line.currentVersion(), own, "accuracy", scorings);
    }

    private Blame blame(String task) {
        return blame(task, OptionalInt.empty());
    }

    private void commit(String... tasks) {
        log.register();
        List.of(tasks).forEach(log::commit);
    }

    @Test
    void theAdapterThatSpoiledMostIsTheCulpritAndOfItTheLayerThatDid() {
        commit("tone", "topic", "grammar");
        rules.add(new Spoils(0, 20, composition -> applies(composition, "topic", SECOND)));
        rules.add(new Spoils(20, 23, composition -> applies(composition, "grammar", FIRST)));

        Blame blame = blame("tone");

        assertThat(blame.own()).isEqualTo(1);
        assertThat(blame.drop()).isEqualTo(0.23, within(1e-12));
        assertThat(blame.union().test().lost()).isEqualTo(23);
        assertThat(blame.culprit()).hasValueSatisfying(culprit -> {
            assertThat(culprit.task()).isEqualTo(new TaskName("topic"));
            assertThat(culprit.effect()).isEqualTo(0.2, within(1e-12));
            assertThat(culprit.undone().test().won()).isEqualTo(20);
            assertThat(culprit.alone().test().lost()).isEqualTo(20);
            assertThat(culprit.supported()).isTrue();
        });
        assertThat(blame.adapters())
                .extracting(BlamedAdapter::version, BlamedAdapter::supported)
                .containsExactly(tuple(2, true), tuple(3, false));
        assertThat(blame.together()).isEqualTo(0, within(1e-12));
        assertThat(blame.layers())
                .extracting(
                        layer -> layer.layer(),
                        layer -> Math.round(100 * layer.undone().difference()))
                .containsExactly(tuple(FIRST, 0L), tuple(SECOND, 20L));
        assertThat(blame.scorings()).isEqualTo(2 + 2 * 2 + 2).isEqualTo(progress.size());
        assertThat(progress).allSatisfy(step -> assertThat(step.scorings()).isEqualTo(8));
        assertThat(blame.text()).contains("tone dropped by 0.2300 at version 3", "the adapter of topic (version 2)");
    }

    @Test
    void theSameQuestionHasTheSameAnswer() {
        commit("tone", "topic", "grammar");
        rules.add(new Spoils(0, 20, composition -> applies(composition, "topic", SECOND)));

        assertThat(blame("tone")).isEqualTo(blame("tone"));
    }

    @Test
    void whatOnlyTwoDoTogetherIsSharedBetweenThemAndSaid() {
        commit("tone", "topic", "grammar");
        rules.add(new Spoils(
                0, 30, composition -> applies(composition, "topic", FIRST) && applies(composition, "grammar", FIRST)));

        Blame blame = blame("tone");

        assertThat(blame.adapters())
                .extracting(BlamedAdapter::effect)
                .allSatisfy(effect -> assertThat(effect).isEqualTo(0.15, within(1e-12)));
        assertThat(blame.culprit())
                .hasValueSatisfying(first -> assertThat(first.version()).isEqualTo(2));
        assertThat(blame.together()).isEqualTo(0, within(1e-12));
    }

    @Test
    void aTaskThatDidNotDropIsAnsweredAndSaysSo() {
        commit("tone", "topic");
        rules.add(new Spoils(0, 5, composition -> !applies(composition, "topic", FIRST)));

        Blame blame = blame("tone");

        assertThat(blame.dropped()).isFalse();
        assertThat(blame.culprit()).isEmpty();
        assertThat(blame.layers()).isEmpty();
        assertThat(blame.adapters())
                .singleElement()
                .satisfies(topic -> assertThat(topic.effect()).isEqualTo(-0.05, within(1e-12)));
        assertThat(blame.text()).contains("tone did not drop: 1.0000 with all of version 2, 0.9500 in its own view");
    }

    @Test
    void theNewestTaskHasNobodyToBlame() {
        commit("tone");

        Blame blame = blame("tone");

        assertThat(blame.adapters()).isEmpty();
        assertThat(blame.scorings()).isEqualTo(1);
        assertThat(blame.text()).contains("both views are the same weights");
    }

    @Test
    void thatAnAdapterBelowTheTaskWasTakenOutMayBeWhatCostIt() {
        commit("tone", "topic", "grammar");
        log.log(new Intervention.VersionComposed(4, List.of(2, 3), new TaskName("tone"), List.of(), "ada", "wrong"));
        rules.add(new Spoils(0, 40, composition -> !applies(composition, "tone", FIRST)));

        Blame blame = blame("topic");

        assertThat(blame.adapters())
                .extracting(BlamedAdapter::version, BlamedAdapter::kind)
                .containsExactly(tuple(1, BlamedAdapter.Kind.REMOVED), tuple(3, BlamedAdapter.Kind.ADDED));
        assertThat(blame.culprit()).hasValueSatisfying(culprit -> {
            assertThat(culprit.version()).isEqualTo(1);
            assertThat(culprit.undone().difference()).isEqualTo(0.4, within(1e-12));
            assertThat(culprit.alone().difference()).isEqualTo(-0.4, within(1e-12));
        });
        assertThat(blame.layers()).isEmpty();
        assertThat(blame.text()).contains("that the adapter of tone is gone (version 1)");
    }

    @Test
    void amongVeryManyTheLikelierHalfIsLookedIntoAndTheOthersAreNamed() {
        String[] tasks = new String[101];
        for (int i = 0; i < tasks.length; i++) {
            tasks[i] = "t" + i;
        }
        commit(tasks);
        rules.add(new Spoils(0, 10, composition -> applies(composition, "t77", FIRST)));
        rules.add(new Spoils(10, 12, composition -> applies(composition, "t5", FIRST)));

        Blame blame = blame("t0");

        assertThat(blame.scorings()).isLessThanOrEqualTo(BlameSearch.USUAL);
        assertThat(blame.culprit())
                .hasValueSatisfying(culprit -> assertThat(culprit.task()).isEqualTo(new TaskName("t77")));
        assertThat(blame.narrowings()).hasSize(2).first().satisfies(step -> {
            assertThat(step.leftOut()).contains(6);
            assertThat(step.regained()).isEqualTo(0.1, within(1e-12));
            assertThat(step.regainedOtherwise()).isEqualTo(0.02, within(1e-12));
        });
        assertThat(blame.adapters().size()
                        + blame.narrowings().stream()
                                .mapToInt(step -> step.leftOut().size())
                                .sum())
                .isEqualTo(100);
        assertThat(blame("t0", OptionalInt.of(20)).culprit())
                .hasValueSatisfying(culprit -> assertThat(culprit.task()).isEqualTo(new TaskName("t77")));
        assertThatThrownBy(() -> blame("t0", OptionalInt.of(19)))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessageContaining("100 adapters with up to 2 layers take at least 20 scorings, not 19");
    }

    @Test
    void nothingIsScoredOnceNobodyWaits() {
        commit("tone", "topic");
        cancellation.cancel();

        assertThatThrownBy(() -> blame("tone")).isInstanceOf(StoppedException.class);
        assertThat(progress).isEmpty();
    }

    @Test
    void whatIsAskedAboutIsTheNewestVersionThatHoldsTheTask() {
        commit("tone", "topic", "grammar");
        log.log(new Intervention.VersionComposed(4, List.of(2, 3), new TaskName("tone"), List.of(), "ada", "wrong"));

        assertThat(question("tone", OptionalInt.empty()).versionOf(log.line())).isEqualTo(3);
        assertThat(question("topic", OptionalInt.empty()).versionOf(log.line())).isEqualTo(4);
        assertThatThrownBy(() -> question("spam", OptionalInt.empty()).versionOf(log.line()))
                .hasMessage("model bot has learnt no task 'spam'; it has [topic, grammar]");
        assertThatThrownBy(() -> question("tone", OptionalInt.of(4)).commitIn(log.line(), 4))
                .hasMessage(
                        "version 4 of model bot holds no task 'tone', only [topic, grammar]; it was committed as version 1, and was"
                                + " taken out since: name a version that holds it");
        assertThatThrownBy(() -> question("grammar", OptionalInt.of(2)).commitIn(log.line(), 2))
                .hasMessageContaining("it was committed as version 3, which is later");
    }

    private static BlameQuestion question(String task, OptionalInt version) {
        return new BlameQuestion(TaskId.of("bot", task), version, OptionalInt.empty(), new Author("ada", ""));
    }
}
