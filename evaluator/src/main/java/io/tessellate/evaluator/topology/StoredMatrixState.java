package io.tessellate.evaluator.topology;

import io.tessellate.evaluator.matrix.Evaluation;
import io.tessellate.evaluator.matrix.EvaluationCodec;
import io.tessellate.evaluator.matrix.MatrixRow;
import io.tessellate.evaluator.matrix.RowCodec;
import io.tessellate.evaluator.matrix.View;
import io.tessellate.evaluator.verdict.Gate;
import io.tessellate.event.EvaluationCompleted;
import io.tessellate.event.ForgettingRow;
import io.tessellate.event.RegistryEvent;
import io.tessellate.id.ModelName;
import io.tessellate.id.TaskName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The state in Kafka Streams' stores. Keys are {@code model/version/...} with the version padded, so that one prefix
 * finds a version and the order of the keys is the order of the versions.
 *
 * @param budgets model to forgetting budget, as it was kept before there were gates; only read
 * @param gates model to the part of its registration that its versions are held against
 * @param evaluations {@code model/version/task/view} to evaluation
 * @param rows {@code model/version} to complete row
 * @param best {@code model/task/view} to the evaluation of the best score
 * @param counts {@code model/version} to how many cells of a version are still to come, {@code model} to how many rows there are
 */
record StoredMatrixState(
        KeyValueStore<String, Double> budgets,
        KeyValueStore<String, RegistryEvent> gates,
        KeyValueStore<String, EvaluationCompleted> evaluations,
        KeyValueStore<String, ForgettingRow> rows,
        KeyValueStore<String, EvaluationCompleted> best,
        KeyValueStore<String, Long> counts)
        implements MatrixState {

    @Override
    public Optional<Gate> gate(ModelName model) {
        RegistryEvent gate = gates.get(model.value());
        if (gate != null) {
            return Optional.of(GateCodec.gate(gate));
        }
        return Optional.ofNullable(budgets.get(model.value())).map(Gate::of);
    }

    @Override
    public void setGate(ModelName model, Gate gate) {
        gates.put(model.value(), GateCodec.event(model, gate));
    }

    @Override
    public Optional<Evaluation> evaluation(ModelName model, int version, TaskName task, View view) {
        return Optional.ofNullable(evaluations.get(cell(model, version, task, view)))
                .map(EvaluationCodec::evaluation);
    }

    @Override
    public List<Evaluation> evaluations(ModelName model, int version) {
        return scan(evaluations, key(model, version) + "/", EvaluationCodec::evaluation);
    }

    @Override
    public void put(Evaluation evaluation) {
        String version = key(evaluation.model(), evaluation.version());
        Long toCome = counts.get(version);
        long before = toCome == null
                ? missing(evaluation.versionTasks().size(), evaluations(evaluation.model(), evaluation.version()))
                : toCome;
        evaluations.put(
                cell(evaluation.model(), evaluation.version(), evaluation.task(), evaluation.view()),
                EvaluationCodec.event(evaluation));
        counts.put(version, before - 1);
    }

    private static long missing(int tasks, List<Evaluation> come) {
        return (long) tasks * View.values().length - come.size();
    }

    @Override
    public boolean isComplete(ModelName model, int version) {
        Long toCome = counts.get(key(model, version));
        return toCome == null ? new VersionScores(evaluations(model, version)).isComplete() : toCome == 0;
    }

    @Override
    public Optional<Evaluation> best(ModelName model, TaskName task, View view) {
        return Optional.ofNullable(best.get(best(model.value(), task, view))).map(EvaluationCodec::evaluation);
    }

    @Override
    public void setBest(Evaluation evaluation) {
        best.put(
                best(evaluation.model().value(), evaluation.task(), evaluation.view()),
                EvaluationCodec.event(evaluation));
    }

    private static String best(String model, TaskName task, View view) {
        return model + "/" + task + "/" + view;
    }

    @Override
    public int rows(ModelName model) {
        Long known = counts.get(model.value());
        return known == null ? recount(model) : Math.toIntExact(known);
    }

    /** What an earlier version kept, counted once: its rows, and the best score of each task. */
    private int recount(ModelName model) {
        List<MatrixRow> all = scan(rows, model + "/", RowCodec::row);
        for (MatrixRow row : all) {
            for (Evaluation evaluation : evaluations(model, row.version())) {
                new BestScores(this).take(evaluation);
            }
        }
        counts.put(model.value(), (long) all.size());
        return all.size();
    }

    @Override
    public Optional<MatrixRow> row(ModelName model, int version) {
        @Nullable ForgettingRow row = rows.get(key(model, version));
        return Optional.ofNullable(row).map(RowCodec::row);
    }

    @Override
    public void append(MatrixRow row) {
        rows.put(key(row.model(), row.version()), RowCodec.event(row));
        counts.put(row.model().value(), (long) row.version());
        counts.delete(key(row.model(), row.version()));
    }

    private static String cell(ModelName model, int version, TaskName task, View view) {
        return key(model, version) + "/" + task + "/" + view;
    }

    private static String key(ModelName model, int version) {
        return String.format(Locale.ROOT, "%s/%010d", model, version);
    }

    private static <S, D> List<D> scan(KeyValueStore<String, S> store, String prefix, Function<S, D> toDomain) {
        List<D> found = new ArrayList<>();
        try (var keys = new StringSerializer();
                KeyValueIterator<String, S> entries = store.prefixScan(prefix, keys)) {
            entries.forEachRemaining(entry -> found.add(toDomain.apply(entry.value)));
        }
        return found;
    }
}
