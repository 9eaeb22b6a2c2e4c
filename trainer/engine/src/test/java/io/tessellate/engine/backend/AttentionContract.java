package io.tessellate.engine.backend;

import static io.tessellate.engine.backend.KernelContract.assertClose;
import static io.tessellate.engine.backend.KernelContract.wide;
import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.Rounding;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Attention of encoders and decoders, and the rotation of queries and keys. */
interface AttentionContract extends KernelContract {
    @ParameterizedTest
    @CsvSource({
        "1,1,1,1",
        "3,7,2,10",
        "2,16,3,8",
        "4,33,2,32",
        "5,20,4,5",
        "1,70,1,64",
        "3,70,2,4",
        "2,80,2,12",
        "1,140,1,3"
    })
    default void attentionAndItsBackwardPassLeaveOutPadding(int batch, int length, int heads, int width) {
        int[] lengths = new int[batch];
        // Much padding everywhere but in the longest: both ways of computing long sequences.
        int step = length == 80 ? 1 : Math.max(1, length * 3 / 7);
        Arrays.setAll(lengths, b -> Math.max(1, length - b * step));
        new AttentionCheck(kernels(), new HeadShape(batch, length, heads, width), dropout(width), lengths).run();
    }

    @ParameterizedTest
    @CsvSource({
        "3,9,4,2,5,0,true",
        "2,7,6,1,3,3,true",
        "1,70,2,2,5,0,true",
        "2,70,4,2,4,5,true",
        "2,70,4,2,3,5,true",
        "3,8,4,2,6,0,false",
        "1,70,4,2,3,0,false",
        "1,150,2,1,4,40,true",
        "2,150,2,2,3,0,true"
    })
    default void attentionSharesKeysAndSeesWhatIsInReach(
            int batch, int length, int heads, int shared, int width, int window, boolean causal) {
        Reach reach = window > 0 ? Reach.window(window) : causal ? Reach.CAUSAL : Reach.ALL;
        HeadShape shape = new HeadShape(batch, length, heads, shared, width, reach, 0.7f);
        int[] lengths = new int[batch];
        Arrays.setAll(lengths, b -> Math.max(1, length - 3 * b));
        AttentionCheck check = new AttentionCheck(kernels(), shape, dropout(width), lengths);
        check.run();
        if (causal && !dropout(width).active()) {
            check.assertTheLastTokenAloneSeesTheSame();
        }
    }

    @ParameterizedTest
    @CsvSource({"1,1,1,1,1", "3,7,2,10,5", "2,16,3,8,31", "2,70,2,4,40", "1,140,2,3,9"})
    default void attentionThatKnowsHowFarTokensAreApartHasAPlaceForEveryDistance(
            int batch, int length, int heads, int width, int places) {
        int[] lengths = new int[batch];
        Arrays.setAll(lengths, b -> Math.max(1, length - 3 * b));
        // Rising, the outermost distances sharing a place each, as many as there are.
        int[] rows = new int[2 * length - 1];
        Arrays.setAll(rows, d -> Math.max(0, Math.min(places - 1, d - length + 1 + places / 2)));
        new AttentionCheck(kernels(), new HeadShape(batch, length, heads, width), dropout(width), lengths)
                .runWithPlaces(places, rows);
    }

    private static ProbabilityDropout dropout(int width) {
        return new ProbabilityDropout(width % 2 == 0 ? 0.3 : 0, 5, 2);
    }

    @Test
    default void aLongSequenceOfSharedKeysAttendsAlikeWhereverItsScoresLie() {
        HeadShape shape = new HeadShape(1, 112, 8, 4, 8, Reach.CAUSAL, 0.35f);
        float[] projections = new float[shape.tokens() * shape.projectionColumns()];
        Random random = new Random(1);
        for (int i = 0; i < projections.length; i++) {
            projections[i] = (float) random.nextGaussian();
        }
        float[] first = context(shape, projections, 0);
        for (int scoresAt : new int[] {16, 87_808, 100_336, 100_352}) {
            assertThat(context(shape, projections, scoresAt)).containsExactly(first);
        }
    }

    private float[] context(HeadShape shape, float[] projections, int scoresAt) {
        int afterScores = scoresAt + shape.scoreRows() * shape.length();
        int contexts = shape.tokens() * shape.contextColumns();
        Memory memory = backend().memory();
        try (FloatVector vector = memory.allocate(afterScores + contexts + projections.length)) {
            Attention attention = backend()
                    .attention()
                    .attention(
                            shape,
                            memory.matrix(vector, afterScores + contexts, shape.tokens(), shape.projectionColumns()),
                            memory.matrix(vector, scoresAt, shape.scoreRows(), shape.length()),
                            memory.matrix(vector, afterScores, shape.tokens(), shape.contextColumns()));
            attention.projections().put(projections);
            backend().attention().attend(attention, new int[] {shape.length()}, ProbabilityDropout.NONE);
            return vector.toArray(afterScores, contexts);
        }
    }

    @Test
    default void rotationsTurnTheLeadingHeadsAndBack() {
        int rows = 70;
        Matrix x = random(rows, 5 * 6);
        double[] before = wide(x);
        Matrix cos = empty(rows, 3);
        Matrix sin = empty(rows, 3);
        float[] angles = new float[rows * 3];
        for (int i = 0; i < angles.length; i++) {
            angles[i] = (float) (6 * draws().nextDouble());
        }
        float[] values = new float[angles.length];
        IntStream.range(0, values.length).forEach(i -> values[i] = (float) Math.cos(angles[i]));
        cos.put(values);
        IntStream.range(0, values.length).forEach(i -> values[i] = (float) Math.sin(angles[i]));
        sin.put(values);
        Rotation rotation = new Rotation(cos, sin, 4, 6);
        double[] expected = before.clone();
        for (int r = 0; r < rows; r++) {
            for (int h = 0; h < 4; h++) {
                for (int i = 0; i < 3; i++) {
                    int left = r * 30 + h * 6 + i;
                    double angle = angles[r * 3 + i];
                    expected[left] = before[left] * Math.cos(angle) - before[left + 3] * Math.sin(angle);
                    expected[left + 3] = before[left + 3] * Math.cos(angle) + before[left] * Math.sin(angle);
                }
            }
        }
        backend().attention().rotate(x, rotation, false);
        assertClose(x, expected, Rounding.single(5));
        backend().attention().rotate(x, rotation, true);
        assertClose(x, before, Rounding.single(10));
    }
}
