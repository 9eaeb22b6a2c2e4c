package io.tessellate.engine.model.pass;

import io.tessellate.engine.backend.Rotation;
import io.tessellate.engine.model.config.Positions;
import java.util.List;

/** The cosines and sines of rotary embeddings, computed once per position. In single precision, as models were trained. */
final class RotaryAngles {
    private final List<Float> frequencies;
    private final float magnitude;
    private float[] cos = new float[0];
    private float[] sin = new float[0];

    RotaryAngles(Positions.Rotary rotary, int width) {
        this.frequencies = rotary.frequencies(width);
        this.magnitude = rotary.scaling().magnitude();
    }

    /** Fills a rotation with the angles of tokens at these positions. */
    void fill(int[] positions, Rotation rotation) {
        int half = frequencies.size();
        float[] rowCos = new float[positions.length * half];
        float[] rowSin = new float[positions.length * half];
        for (int r = 0; r < positions.length; r++) {
            reach(positions[r]);
            System.arraycopy(cos, positions[r] * half, rowCos, r * half, half);
            System.arraycopy(sin, positions[r] * half, rowSin, r * half, half);
        }
        rotation.cos().put(rowCos);
        rotation.sin().put(rowSin);
    }

    private void reach(int position) {
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
