package io.tessellate.evaluator.analysis;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.ModelLine;
import io.tessellate.mask.LayerName;
import io.tessellate.runtime.kafka.work.Cancellation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Finds what a task's union view differs from its own view by. Two scorings for the views; for each adapter that one has and the other
 * has not two more, the union view without that difference and the own view with that difference alone; one for each layer of the
 * culprit. Where that is more than may be, halves of the adapters are undone together first, and the half that gives back more is gone
 * on with, until those that are left can be scored one by one.
 */
final class BlameSearch {
    /** How many scorings there may be if nobody says. */
    static final int USUAL = 64;

    private final CompositionScores scores;
    private final Consumer<BlameProgress> progress;
    private final Cancellation cancellation;
    private int scored;
    private int expected;

    BlameSearch(CompositionScores scores, Consumer<BlameProgress> progress, Cancellation cancellation) {
        this.scores = scores;
        this.progress = progress;
        this.cancellation = cancellation;
    }

    /**
     * The answer for a version that holds the task.
     *
     * @param metric name of the task's
     * @param wanted how many scorings there may be
     * @throws TessellateException INVALID_ARGUMENT if that is too few to come to any answer
     */
    Blame of(ModelLine line, int version, CommittedVersion own, String metric, OptionalInt wanted) {
        Composition union = Composition.of(line.holding(version));
        Composition view = Composition.of(line.taskView(own));
        List<CommittedVersion> differing = differing(union, view);
        int layers = differing.stream()
                .mapToInt(commit -> scores.layers(commit).size())
                .max()
                .orElse(0);
        int most = most(wanted, differing.size(), layers);
        expected = differing.isEmpty() ? 1 : Math.min(most, 2 + 2 * differing.size() + layers);
        Scored whole = score(union, "the union view of version " + version);
        Scored before = differing.isEmpty() ? whole : score(view, "the own view of " + own.task());
        List<Narrowing> narrowings = new ArrayList<>();
        List<CommittedVersion> left = narrowed(union, whole, differing, most - layers, narrowings);
        List<BlamedAdapter> adapters = adapters(union, whole, view, before, left);
        ScoreChange drop = ScoreChange.of(before, whole);
        Optional<BlamedAdapter> culprit = drop.difference() < 0 ? culprit(adapters) : Optional.empty();
        List<BlamedLayer> ofLayers = culprit.filter(one -> one.kind() == BlamedAdapter.Kind.ADDED)
                .map(one -> layers(union, whole, line.commit(one.version())))
                .orElse(List.of());
        return new Blame(
                own.task(),
                version,
                line.standing(version).text(),
                own.number(),
                metric,
                before.outcomes().size(),
                before.value(),
                before.interval(),
                drop,
                adapters,
                narrowings,
                culprit,
                ofLayers,
                scored,
                most);
    }

    private static List<CommittedVersion> differing(Composition union, Composition view) {
        return Stream.concat(
                        union.commits().stream().filter(commit -> !view.has(commit)),
                        view.commits().stream().filter(commit -> !union.has(commit)))
                .sorted(Comparator.comparingInt(CommittedVersion::number))
                .toList();
    }

    private static int most(OptionalInt wanted, int differing, int layers) {
        int halvings = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(0, differing - 1));
        int least = 4 + layers + 2 * halvings;
        if (wanted.isPresent() && wanted.getAsInt() < least) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "%d adapters with up to %d layers take at least %d scorings, not %d"
                            .formatted(differing, layers, least, wanted.getAsInt()));
        }
        return wanted.orElse(Math.max(USUAL, least));
    }

    private Scored score(Composition composition, String what) {
        cancellation.check();
        progress.accept(new BlameProgress(scored, expected, what));
        Scored result = scores.of(composition);
        scored++;
        return result;
    }

    private List<CommittedVersion> narrowed(
            Composition union, Scored whole, List<CommittedVersion> all, int most, List<Narrowing> narrowings) {
        List<CommittedVersion> left = all;
        while (left.size() > 1 && 2 * left.size() > most - scored) {
            List<CommittedVersion> first = left.subList(0, left.size() / 2);
            List<CommittedVersion> second = left.subList(left.size() / 2, left.size());
            double regainedFirst = regained(union, whole, first);
            double regainedSecond = regained(union, whole, second);
            boolean takesFirst = regainedFirst >= regainedSecond;
            left = takesFirst ? first : second;
            narrowings.add(new Narrowing(
                    numbers(left),
                    takesFirst ? regainedFirst : regainedSecond,
                    numbers(takesFirst ? second : first),
                    takesFirst ? regainedSecond : regainedFirst));
        }
        return left;
    }

    private double regained(Composition union, Scored whole, List<CommittedVersion> half) {
        String what = "the union view without the differences of %d adapters".formatted(half.size());
        return score(union.toggled(half), what).value() - whole.value();
    }

    private static List<Integer> numbers(List<CommittedVersion> commits) {
        return commits.stream().map(CommittedVersion::number).toList();
    }

    /** The newest first where adapters are left out: what is behind them is applied again, and that is least. */
    private List<BlamedAdapter> adapters(
            Composition union, Scored whole, Composition view, Scored before, List<CommittedVersion> left) {
        Scored[] undone = new Scored[left.size()];
        for (int i = left.size() - 1; i >= 0; i--) {
            undone[i] = score(
                    union.toggled(List.of(left.get(i))),
                    "the union view without the difference of " + left.get(i).task());
        }
        List<Scored> alone = left.stream()
                .map(commit ->
                        score(view.toggled(List.of(commit)), "the own view with the difference of " + commit.task()))
                .toList();
        List<ScoreChange> regained = ScoreChange.corrected(whole, List.of(undone));
        List<ScoreChange> cost = ScoreChange.corrected(before, alone);
        return IntStream.range(0, left.size())
                .mapToObj(i -> {
                    CommittedVersion commit = left.get(i);
                    return new BlamedAdapter(
                            commit.task().task(),
                            commit.number(),
                            union.has(commit) ? BlamedAdapter.Kind.ADDED : BlamedAdapter.Kind.REMOVED,
                            commit.owned(),
                            regained.get(i),
                            cost.get(i));
                })
                .toList();
    }

    private static Optional<BlamedAdapter> culprit(List<BlamedAdapter> adapters) {
        return adapters.stream()
                .filter(adapter -> adapter.effect() > 0)
                .max(Comparator.comparingDouble(BlamedAdapter::effect)
                        .thenComparing(BlamedAdapter::version, Comparator.reverseOrder()));
    }

    private List<BlamedLayer> layers(Composition union, Scored whole, CommittedVersion culprit) {
        Map<LayerName, Long> entries = new TreeMap<>(scores.layers(culprit));
        List<LayerName> names = List.copyOf(entries.keySet());
        List<Scored> without = names.stream()
                .map(layer -> score(
                        union.without(culprit, layer),
                        "the union view without %s of %s".formatted(layer, culprit.task())))
                .toList();
        List<ScoreChange> changes = ScoreChange.corrected(whole, without);
        return IntStream.range(0, names.size())
                .mapToObj(i -> new BlamedLayer(names.get(i), entries.get(names.get(i)), changes.get(i)))
                .toList();
    }
}
