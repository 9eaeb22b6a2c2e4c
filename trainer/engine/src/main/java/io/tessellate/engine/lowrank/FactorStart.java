package io.tessellate.engine.lowrank;

import java.util.random.RandomGenerator;

/** What the factors B and A of a matrix W [rows, columns] are before training. */
public enum FactorStart {
    /**
     * LoRA (Hu et al. 2022, <a href="https://arxiv.org/abs/2106.09685">2106.09685</a>): A uniform in
     * {@code [-1/sqrt(columns), 1/sqrt(columns))}, which is the Kaiming initialisation with a = sqrt(5) that PEFT uses; B zero.
     */
    RANDOM {
        @Override
        public FactorPair of(float[] weight, int rows, int columns, int rank, double scale, RandomGenerator random) {
            double bound = 1 / Math.sqrt(columns);
            float[] a = new float[rank * columns];
            for (int n = 0; n < a.length; n++) {
                a[n] = (float) (bound * (2 * random.nextDouble() - 1));
            }
            return new FactorPair(rank, a, new float[rows * rank]);
        }
    },
    /**
     * PiSSA (Meng et al. 2024, <a href="https://arxiv.org/abs/2404.02948">2404.02948</a>): {@code scale B A} is the part of W
     * along its largest singular values, W = U S V^T: {@code A = sqrt(S / scale) V^T} and {@code B = U sqrt(S / scale)}, cut
     * to the rank. What is left of W is frozen.
     */
    PRINCIPAL {
        @Override
        public FactorPair of(float[] weight, int rows, int columns, int rank, double scale, RandomGenerator random) {
            TruncatedSvd svd = TruncatedSvd.of(weight, rows, columns, rank, random);
            float[] a = new float[rank * columns];
            float[] b = new float[rows * rank];
            for (int k = 0; k < svd.values().length; k++) {
                double root = Math.sqrt(svd.values()[k] / scale);
                for (int j = 0; j < columns; j++) {
                    a[k * columns + j] = (float) (root * svd.right()[k][j]);
                }
                for (int i = 0; i < rows; i++) {
                    b[i * rank + k] = (float) (root * svd.left()[k][i]);
                }
            }
            return new FactorPair(rank, a, b);
        }
    };

    /**
     * The factors of one matrix.
     *
     * @param weight its values, row-major
     * @param scale what the product is multiplied with
     */
    public abstract FactorPair of(
            float[] weight, int rows, int columns, int rank, double scale, RandomGenerator random);
}
