package io.tessellate.engine.train.entries;

import io.tessellate.engine.train.gradient.EarlierFisher;
import io.tessellate.engine.values.FloatBlocks;

/**
 * Elastic weight consolidation (Kirkpatrick et al. 2017, <a href="https://arxiv.org/abs/1612.00796">1612.00796</a>): the
 * loss gains {@code elasticity / 2 x sum over i of F_i (w_i - w*_i)^2}. One penalty for all earlier tasks together, anchored
 * at the parent version's values, as online EWC has it (Schwarz et al. 2018,
 * <a href="https://arxiv.org/abs/1805.06370">1805.06370</a>; Huszar 2018,
 * <a href="https://arxiv.org/abs/1712.03847">1712.03847</a>), but with F taken anew at those values from the tasks' replay
 * memories instead of carried along and decayed.
 *
 * @param anchor w*, the values before training
 * @param information F, see {@link EarlierFisher}
 */
public record ElasticPenalty(double elasticity, FloatBlocks anchor, FloatBlocks information) implements Penalty {
    @Override
    public void addGradient(FloatBlocks values, FloatBlocks gradient) {
        for (int b = 0; b < anchor.count(); b++) {
            add(values.block(b), anchor.block(b), information.block(b), gradient.block(b));
        }
    }

    private void add(float[] values, float[] anchors, float[] factors, float[] gradient) {
        for (int n = 0; n < anchors.length; n++) {
            gradient[n] += (float) (elasticity * factors[n] * (values[n] - anchors[n]));
        }
    }
}
