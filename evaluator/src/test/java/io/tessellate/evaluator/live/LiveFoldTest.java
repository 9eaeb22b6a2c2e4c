package io.tessellate.evaluator.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tessellate.dataset.manifest.MetricName;
import io.tessellate.engine.metric.ScoreInterval;
import io.tessellate.evaluator.matrix.View;
import io.tessellate.id.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LiveFoldTest {
    private static final TaskId TASK = TaskId.parse("bot/tone");
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    private final Texts texts = new Texts();
    private final LiveFold fold = new LiveFold(texts, new LiveSettings(Duration.ofHours(1), 50, 20));

    /** The state of a test: what a store is, in memory. */
    private static final class Texts implements LiveState {
        private final TreeMap<String, String> all = new TreeMap<>();

        @Override
        public String get(String key) {
            return all.get(key);
        }

        @Override
        public void put(String key, String value) {
            all.put(key, value);
        }

        @Override
        public void delete(String key) {
            all.remove(key);
        }

        @Override
        public List<Map.Entry<String, String>> first(String prefix, int most) {
            return all.tailMap(prefix).entrySet().stream()
                    .takeWhile(entry -> entry.getKey().startsWith(prefix))
                    .limit(most)
                    .map(entry -> Map.entry(entry.getKey(), entry.getValue()))
                    .toList();
        }
    }

    @Test
    void answersAndLabelsMakeTheSameScoreInWhateverOrderTheyCome() {
        List<Runnable> events = new ArrayList<>();
        for (int n = 0; n < 10; n++) {
            String id = "id" + n;
            int right = n < 7 ? 1 : 0;
            events.add(() -> fold.take(TASK, id, answer(1, 1), NOW));
            events.add(() -> fold.take(TASK, id, label(right), NOW));
        }
        Collections.shuffle(events, new Random(5));
        events.forEach(Runnable::run);

        LiveScore score = score();
        ScoreInterval wilson = ScoreInterval.wilson(7, 10);
        assertThat(score.score()).isEqualTo(0.7);
        assertThat(score.examples()).isEqualTo(10);
        assertThat(score.interval()).isEqualTo(wilson);
        assertThat(score.view()).isEqualTo(View.TASK);
    }

    @Test
    void whatComesTwiceCountsOnceAndIsCounted() {
        fold.take(TASK, "a", answer(1, 1), NOW);
        fold.take(TASK, "a", answer(1, 0), NOW);
        fold.take(TASK, "a", label(1), NOW);
        fold.take(TASK, "a", label(1), NOW);
        fold.take(TASK, "a", label(0), NOW);
        fold.take(TASK, null, answer(1, 1), NOW);

        LiveStanding standing = standing();
        assertThat(standing.scores()).extracting(LiveScore::score).containsExactly(1.0);
        assertThat(standing.scores()).extracting(LiveScore::labelled).containsExactly(1L);
        assertCounts(
                standing,
                Map.of(
                        LiveCount.ANSWERED, 2L,
                        LiveCount.ANSWERED_AGAIN, 1L,
                        LiveCount.LABELS, 1L,
                        LiveCount.LABELS_AGAIN, 1L,
                        LiveCount.LABELS_CHANGED, 1L,
                        LiveCount.ANONYMOUS, 1L));
    }

    @Test
    void whatNobodyComesBackToIsForgottenAfterItsTimeAndCounted() {
        fold.take(TASK, "asked", answer(1, 1), NOW);
        fold.take(TASK, "told", label(1), NOW);
        fold.take(TASK, "both", answer(1, 1), NOW);
        fold.take(TASK, "both", label(1), NOW);
        fold.take(TASK, "late", answer(1, 1), NOW.plus(Duration.ofMinutes(50)));
        assertCounts(
                standing(),
                Map.of(LiveCount.ANSWERED, 3L, LiveCount.LABELS, 2L, LiveCount.WAITING, 2L, LiveCount.EARLY, 1L));

        fold.expire(NOW.plus(Duration.ofMinutes(61)));

        assertCounts(
                standing(),
                Map.of(
                        LiveCount.ANSWERED, 3L,
                        LiveCount.LABELS, 2L,
                        LiveCount.WAITING, 1L,
                        LiveCount.NEVER_LABELLED, 1L,
                        LiveCount.NEVER_ANSWERED, 1L));
        assertThat(texts.all.keySet()).filteredOn(key -> key.startsWith("c/")).hasSize(1);
        assertThat(texts.all.keySet()).filteredOn(key -> key.startsWith("a/")).hasSize(1);
    }

    @Test
    void theStateIsBoundedHoweverMuchIsAskedAndHoweverManyVersionsAnswer() {
        for (int n = 0; n < 400; n++) {
            fold.take(TASK, "id" + n, answer(n / 10, 1), NOW.plusSeconds(n));
            if (n % 2 == 0) {
                fold.take(TASK, "id" + n, label(1), NOW.plusSeconds(n));
            }
        }

        assertThat(texts.all.keySet()).filteredOn(key -> key.startsWith("c/")).hasSize(50);
        LiveStanding standing = standing();
        assertThat(standing.scores()).extracting(LiveScore::version).containsExactly(32, 33, 34, 35, 36, 37, 38, 39);
        assertThat(texts.all.keySet())
                .filteredOn(key -> key.startsWith("p/"))
                .hasSizeLessThanOrEqualTo(LiveFold.VERSIONS * 20);
        assertThat(standing.counts().of(LiveCount.NEVER_LABELLED)).isEqualTo(175);
        assertThat(standing.counts().of(LiveCount.WAITING)).isEqualTo(25);
    }

    @Test
    void theNewestPairsMakeTheScoreSoThatADropIsSeen() {
        for (int n = 0; n < 60; n++) {
            fold.take(TASK, "id" + n, answer(1, 1), NOW.plusSeconds(n));
            fold.take(TASK, "id" + n, label(n < 40 ? 1 : 0), NOW.plusSeconds(n));
        }

        assertThat(score().score()).isZero();
        assertThat(score().examples()).isEqualTo(20);
        assertThat(score().labelled()).isEqualTo(60);
    }

    @Test
    void viewsAndVersionsAreNeverMixed() {
        fold.take(TASK, "a", answer(1, 1), NOW);
        fold.take(TASK, "a", answer(2, 0), NOW);
        fold.take(TASK, "a", new LiveAnswer(View.UNION, 2, 1, "c1", null, null), NOW);
        fold.take(TASK, "a", label(1), NOW);

        assertThat(standing().scores())
                .extracting(score -> "%s %d %.0f".formatted(score.view().label(), score.version(), score.score()))
                .containsExactly("union 2 1", "task 1 1", "task 2 0");
    }

    @Test
    void valuesAndTextsAreScoredByTheTasksOwnMetric() {
        TaskId values = TaskId.parse("bot/stars");
        double[] said = {1, 2, 3, 4.5};
        for (int n = 0; n < said.length; n++) {
            fold.take(values, "v" + n, new LiveAnswer(View.TASK, 1, null, null, said[n], null), NOW);
            fold.take(values, "v" + n, new LiveLabel(MetricName.PEARSON, null, null, n * 1.0, null), NOW);
        }
        fold.take(TASK, "t", new LiveAnswer(View.TASK, 1, null, null, null, "the cat"), NOW);
        fold.take(TASK, "t", new LiveLabel(MetricName.ROUGE1, null, null, null, "the dog"), NOW);

        List<LiveStanding> standings = fold.changed(NOW);
        assertThat(standings.get(0).scores().get(0).score()).isCloseTo(0.99438, within(1e-4));
        assertThat(standings.get(1).scores().get(0).score()).isCloseTo(0.5, within(1e-9));
    }

    @Test
    void whatCannotBeComparedIsNoScore() {
        fold.take(TASK, "kind", new LiveAnswer(View.TASK, 1, null, null, 0.3, null), NOW);
        fold.take(TASK, "kind", label(1), NOW);
        fold.take(TASK, "renamed", new LiveAnswer(View.TASK, 1, 1, "other", null, null), NOW);
        fold.take(TASK, "renamed", label(1), NOW);

        assertThat(standing().scores()).isEmpty();
        assertCounts(
                fold.changed(NOW).isEmpty() ? last : standing(),
                Map.of(LiveCount.ANSWERED, 2L, LiveCount.LABELS, 2L, LiveCount.NOT_COMPARABLE, 2L));
    }

    @Test
    void aFoldThatBeginsAgainOnItsStateGoesOnWhereItWasAndSaysNothingTwice() {
        fold.take(TASK, "a", answer(1, 1), NOW);
        fold.take(TASK, "b", answer(1, 1), NOW);
        fold.take(TASK, "a", label(1), NOW);
        assertThat(standing().scores()).extracting(LiveScore::examples).containsExactly(1L);

        LiveFold again = new LiveFold(texts, new LiveSettings(Duration.ofHours(1), 50, 20));
        assertThat(again.changed(NOW)).isEmpty();
        again.take(TASK, "b", label(0), NOW);

        LiveStanding standing = again.changed(NOW).get(0);
        assertThat(standing.scores()).extracting(LiveScore::score).containsExactly(0.5);
        assertThat(LiveCodec.standing(LiveCodec.event(standing)).scores()).isEqualTo(standing.scores());
    }

    private LiveStanding last;

    private LiveStanding standing() {
        last = fold.changed(NOW).get(0);
        return last;
    }

    private LiveScore score() {
        List<LiveStanding> changed = fold.changed(NOW);
        last = changed.isEmpty() ? last : changed.get(0);
        return last.scores().get(0);
    }

    private static void assertCounts(LiveStanding standing, Map<LiveCount, Long> expected) {
        for (LiveCount count : LiveCount.values()) {
            assertThat(standing.counts().of(count)).as(count.label()).isEqualTo(expected.getOrDefault(count, 0L));
        }
    }

    private static LiveAnswer answer(int version, int index) {
        return new LiveAnswer(View.TASK, version, index, "c" + index, null, null);
    }

    private static LiveLabel label(int index) {
        return new LiveLabel(MetricName.ACCURACY, index, "c" + index, null, null);
    }
}
