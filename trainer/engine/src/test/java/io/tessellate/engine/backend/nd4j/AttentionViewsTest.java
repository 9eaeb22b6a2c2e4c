package io.tessellate.engine.backend.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.backend.Attention;
import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.backend.FloatVector;
import io.tessellate.engine.backend.HeadShape;
import io.tessellate.engine.backend.ProbabilityDropout;
import io.tessellate.engine.backend.Reach;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttentionViewsTest {
    private static final HeadShape SHAPE = new HeadShape(1, 112, 8, 4, 8, Reach.CAUSAL, 0.35f);

    private static float[] context(Backend backend, float[] projections, int scoresAt) {
        int scores = SHAPE.scoreRows() * SHAPE.length();
        int afterScores = scoresAt + scores;
        int contexts = SHAPE.tokens() * SHAPE.contextColumns();
        try (FloatVector memory = backend.memory().allocate(afterScores + contexts + projections.length)) {
            Attention attention = backend.attention().attention(
                    SHAPE,
                    backend.memory().matrix(memory, afterScores + contexts, SHAPE.tokens(), SHAPE.projectionColumns()),
                    backend.memory().matrix(memory, scoresAt, SHAPE.scoreRows(), SHAPE.length()),
                    backend.memory().matrix(memory, afterScores, SHAPE.tokens(), SHAPE.contextColumns()));
            attention.projections().put(projections);
            backend.attention().attend(attention, new int[] {SHAPE.length()}, ProbabilityDropout.NONE);
            return memory.toArray(afterScores, contexts);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {Backends.HOST, Backends.ND4J})
    void aLongSequenceOfSharedKeysAttendsAlikeWhereverItsScoresLie(String name) {
        Backend backend = Backends.open(name);
        float[] projections = new float[SHAPE.tokens() * SHAPE.projectionColumns()];
        Random random = new Random(1);
        for (int i = 0; i < projections.length; i++) {
            projections[i] = (float) random.nextGaussian();
        }
        float[] first = context(backend, projections, 0);
        for (int scoresAt : new int[] {16, 87_808, 100_336, 100_352}) {
            assertThat(context(backend, projections, scoresAt)).containsExactly(first);
        }
    }
}
