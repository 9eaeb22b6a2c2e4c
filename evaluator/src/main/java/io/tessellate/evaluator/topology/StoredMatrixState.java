package io.tessellate.evaluator.topology;

import io.tessellate.evaluator.matrix.Evaluation;
import io.tessellate.evaluator.matrix.EvaluationCodec;
import io.tessellate.evaluator.matrix.MatrixRow;
import io.tessellate.evaluator.matrix.RowCodec;
import io.tessellate.event.EvaluationCompleted;
import io.tessellate.event.ForgettingRow;
import io.tessellate.id.ModelName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The state in Kafka Streams' stores. Keys are {@code model/version/...} with the version padded, so that one prefix
 * finds a version and the order of the keys is the order of the versions.
 *
 * @param budgets model to forgetting budget
 * @param evaluations {@code model/version/task/view} to evaluation
 * @param rows {@code model/version} to complete row
 */
record StoredMatrixState(
        KeyValueStore<String, Double> budgets,
        KeyValueStore<String, EvaluationCompleted> evaluations,
        KeyValueStore<String, ForgettingRow> rows)
        implements MatrixState {

    @Override
    public OptionalDouble budget(ModelName model) {
        Double budget = budgets.get(model.value());
        return budget == null ? OptionalDouble.empty() : OptionalDouble.of(budget);
    }

    @Override
    public void setBudget(ModelName model, double budget) {
        budgets.put(model.value(), budget);
    }

    @Override
    public List<Evaluation> evaluations(ModelName model, int version) {
        return scan(evaluations, key(model, version) + "/", EvaluationCodec::evaluation);
    }

    @Override
    public void put(Evaluation evaluation) {
        String cell = key(evaluation.model(), evaluation.version()) + "/" + evaluation.task() + "/" + evaluation.view();
        evaluations.put(cell, EvaluationCodec.event(evaluation));
    }

    @Override
    public List<MatrixRow> rows(ModelName model) {
        return scan(rows, model + "/", RowCodec::row);
    }

    @Override
    public void append(MatrixRow row) {
        rows.put(key(row.model(), row.version()), RowCodec.event(row));
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
