package io.tessellate.engine.train.entries;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.FloatVector;
import io.tessellate.engine.lowrank.FactorPair;
import io.tessellate.engine.lowrank.FactorStart;
import io.tessellate.engine.model.weights.Gradients;
import io.tessellate.engine.model.weights.ParameterTensor;
import io.tessellate.engine.model.weights.TrainableTensors;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.recipe.Seeds;
import io.tessellate.mask.Mask;
import io.tessellate.mask.adapter.Factors;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Whole matrices that are trained through two thin factors each. The trained values are the factors, A then B, matrix after
 * matrix: rank x (rows + columns) of each, while all rows x columns of its weights change.
 *
 * @param matrices in the order of their values
 * @param parent the weights they start from; must not change meanwhile
 */
public record LowRank(List<LowRankMatrix> matrices, TrainableTensors tensors, FloatVector parent)
        implements TrainedEntries {
    /**
     * Factors of every matrix that has an entry in the mask.
     *
     * @param parent the parent's weights; must not change meanwhile
     */
    public static LowRank of(Mask mask, FactorStart start, int rank, double scale, Weights parent, Seeds seeds) {
        List<LowRankMatrix> matrices = new ArrayList<>();
        int from = 0;
        for (int t = 0; t < mask.space().tensorCount(); t++) {
            if (mask.cardinality(t) > 0) {
                ParameterTensor tensor =
                        parent.layout().tensor(mask.space().tensor(t).name());
                FactorPair factors = start.of(
                        parent.get(tensor.name()),
                        tensor.rows(),
                        tensor.columns(),
                        rank,
                        scale,
                        seeds.of("factors/" + tensor.name()));
                LowRankMatrix matrix = new LowRankMatrix(tensor, factors, scale, from);
                matrices.add(matrix);
                from = matrix.end();
            }
        }
        return new LowRank(List.copyOf(matrices), TrainableTensors.of(parent.layout(), mask), parent.vector());
    }

    @Override
    public int size() {
        return matrices.get(matrices.size() - 1).end();
    }

    @Override
    public Gradients gradients(Backend backend) {
        return new Gradients(backend, tensors);
    }

    @Override
    public void read(FloatVector from, float[] into) {
        matrices.forEach(matrix -> matrix.readStart(into));
    }

    @Override
    public void readGradient(FloatVector from, float[] values, float[] into) {
        matrices.forEach(matrix -> matrix.readGradient(from, values, into));
    }

    @Override
    public void assign(float[] values, FloatVector to) {
        matrices.forEach(matrix -> matrix.assign(values, parent, to));
    }

    @Override
    public int position(int n) {
        return matrices.stream()
                .filter(matrix -> n < matrix.end())
                .findFirst()
                .orElseThrow()
                .tensor()
                .offset();
    }

    @Override
    public int[] starts() {
        return matrices.stream()
                .flatMapToInt(matrix -> IntStream.of(matrix.from(), matrix.startOfB()))
                .toArray();
    }

    @Override
    public boolean contains(int position) {
        return tensorsOf().anyMatch(tensor -> position >= tensor.offset() && position < tensor.end());
    }

    private Stream<ParameterTensor> tensorsOf() {
        return matrices.stream().map(LowRankMatrix::tensor);
    }

    @Override
    public List<Factors> factors(float[] values) {
        return matrices.stream().map(matrix -> matrix.change(values)).toList();
    }
}
