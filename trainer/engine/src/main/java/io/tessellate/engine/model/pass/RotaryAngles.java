package io.tessellate.engine.model.pass;

import io.tessellate.engine.backend.Rotation;
import io.tessellate.engine.model.config.Positions;
import java.util.List;

/** The cosines and sines of rotary embeddings, computed once per position. In single precision, as models were trained. */
final class RotaryAngles {
    private final int longest;
    private final Table first;
    private final Table beyond;

    RotaryAngles(Positions.Rotary rotary, int width) {
        float magnitude = rotary.scaling().magnitude();
        this.longest = rotary.scaling().longest();
        this.first = new Table(rotary.frequencies(width), magnitude);
        this.beyond = new Table(rotary.longFrequencies(width), magnitude);
    }

    /** Fills a rotation with the angles of tokens at these positions of sequences of these lengths. */
    void fill(int[] positions, int[] lengths, Rotation rotation) {
        int half = first.frequencies.size();
        float[] rowCos = new float[positions.length * half];
        float[] rowSin = new float[positions.length * half];
        for (int r = 0; r < positions.length; r++) {
            Table table = lengths[r] > longest ? beyond : first;
            table.reach(positions[r]);
            System.arraycopy(table.cos, positions[r] * half, rowCos, r * half, half);
            System.arraycopy(table.sin, positions[r] * half, rowSin, r * half, half);
        }
        rotation.cos().put(rowCos);
        rotation.sin().put(rowSin);
    }

    /** Those of the positions so far. */
    private static final class Table {
        private final List<Float> frequencies;
        private final float magnitude;
        private float[] cos = new float[0];
        private float[] sin = new float[0];

        Table(List<Float> frequencies, float magnitude) {
            this.frequencies = frequencies;
            this.magnitude = magnitude;
        }

        void reach(int position) {
            int half = frequencies.size();
            if (cos.length > position * half) {
                return;
            }
            int count = Integer.highestOneBit(Math.max(position, 31)) * 2;
            float[] moreCos = new float[count * half];
            float[] moreSin = new float[count * half];
            for (int p = 0; p < count; p++) {
                for (int i = 0; i < half; i++) {
                    float angle = p * frequencies.get(i);
                    moreCos[p * half + i] = (float) Math.cos(angle) * magnitude;
                    moreSin[p * half + i] = (float) Math.sin(angle) * magnitude;
                }
            }
            cos = moreCos;
            sin = moreSin;
        }
    }
}
