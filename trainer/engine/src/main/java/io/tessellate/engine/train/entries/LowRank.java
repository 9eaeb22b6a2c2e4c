package io.tessellate.engine.train.entries;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.lowrank.FactorPair;
import io.tessellate.engine.lowrank.FactorStart;
import io.tessellate.engine.model.weights.Gradients;
import io.tessellate.engine.model.weights.ParameterTensor;
import io.tessellate.engine.model.weights.ParameterVector;
import io.tessellate.engine.model.weights.TrainableTensors;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.recipe.Seeds;
import io.tessellate.engine.values.FloatBlocks;
import io.tessellate.mask.Mask;
import io.tessellate.mask.adapter.Factors;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Whole matrices that are trained through two thin factors each. The trained values are the factors, a block for each matrix,
 * A then B: rank x (rows + columns) of each, while all rows x columns of its weights change.
 *
 * @param matrices in the order of their blocks
 * @param parent the weights they start from; must not change meanwhile
 */
public record LowRank(List<LowRankMatrix> matrices, TrainableTensors tensors, ParameterVector parent)
        implements TrainedEntries {
    /**
     * Factors of every matrix that has an entry in the mask.
     *
     * @param parent the parent's weights; must not change meanwhile
     */
    public static LowRank of(Mask mask, FactorStart start, int rank, double scale, Weights parent, Seeds seeds) {
        List<LowRankMatrix> matrices = new ArrayList<>();
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
                LowRankMatrix matrix = new LowRankMatrix(tensor, factors, scale, matrices.size());
                matrices.add(matrix);
            }
        }
        return new LowRank(List.copyOf(matrices), TrainableTensors.of(parent.layout(), mask), parent.vector());
    }

    @Override
    public int[] blocks() {
        return matrices.stream().mapToInt(LowRankMatrix::size).toArray();
    }

    @Override
    public Gradients gradients(Backend backend) {
        return new Gradients(backend, tensors);
    }

    @Override
    public void read(ParameterVector from, FloatBlocks into) {
        matrices.forEach(matrix -> matrix.readStart(into));
    }

    @Override
    public void readGradient(ParameterVector from, FloatBlocks values, FloatBlocks into) {
        matrices.forEach(matrix -> matrix.readGradient(from, values, into));
    }

    @Override
    public void assign(FloatBlocks values, ParameterVector to) {
        matrices.forEach(matrix -> matrix.assign(values, parent, to));
    }

    @Override
    public long place(int block, int n) {
        return matrices.get(block).tensor().offset();
    }

    @Override
    public List<int[]> starts() {
        return matrices.stream().map(matrix -> new int[] {0, matrix.startOfB()}).toList();
    }

    @Override
    public boolean contains(long place) {
        return tensorsOf().anyMatch(tensor -> place >= tensor.offset() && place < tensor.end());
    }

    private Stream<ParameterTensor> tensorsOf() {
        return matrices.stream().map(LowRankMatrix::tensor);
    }

    @Override
    public List<Factors> factors(FloatBlocks values) {
        return matrices.stream().map(matrix -> matrix.change(values)).toList();
    }
}
