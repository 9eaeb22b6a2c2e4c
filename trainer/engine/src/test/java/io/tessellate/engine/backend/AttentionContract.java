package io.tessellate.engine.backend;

import static io.tessellate.engine.backend.KernelContract.assertClose;
import static io.tessellate.engine.backend.KernelContract.wide;
import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.Rounding;
import java.util.Arrays;
import java.util.List;
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
        "3,9,4,2,5,3,false",
        "2,150,2,2,4,20,false",
        "2,150,2,2,3,0,true"
    })
    default void attentionSharesKeysAndSeesWhatIsInReach(
            int batch, int length, int heads, int shared, int width, int window, boolean causal) {
        Reach reach = new Reach(causal, window);
        HeadShape shape = new HeadShape(batch, length, heads, shared, width, reach, 0.7f);
        int[] lengths = new int[batch];
        Arrays.setAll(lengths, b -> Math.max(1, length - 3 * b));
        AttentionCheck check = new AttentionCheck(kernels(), shape, dropout(width), lengths);
        check.run();
        if (causal && !dropout(width).active()) {
            check.assertTheLastTokenAloneSeesTheSame();
        }
    }

    /** Caps far above and far below what scores come to; heads whose parts lie beside each other. */
    @ParameterizedTest
    @CsvSource({
        "3,9,4,2,5,0,50,BY_PART",
        "2,70,4,2,4,5,0.7,BY_PART",
        "1,150,2,1,3,40,2,BY_PART",
        "3,9,4,4,5,0,0,BY_HEAD",
        "2,70,3,3,4,5,0,BY_HEAD",
        "2,80,2,2,7,0,1.5,BY_HEAD"
    })
    default void scoresAreCappedAndHeadsLieInEitherOrder(
            int batch, int length, int heads, int shared, int width, int window, float cap, HeadShape.Order order) {
        Reach reach = window > 0 ? Reach.window(window) : Reach.CAUSAL;
        HeadShape shape = new HeadShape(batch, length, heads, shared, width, reach, 0.7f, cap, order);
        int[] lengths = new int[batch];
        Arrays.setAll(lengths, b -> Math.max(1, length - 3 * b));
        AttentionCheck check = new AttentionCheck(kernels(), shape, dropout(width), lengths);
        check.run();
        if (!dropout(width).active()) {
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
            assertThat(context(shape, projections, scoresAt)).isEqualTo(first);
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

    /** All of the leading heads; a part of each; those that others lie between. */
    @ParameterizedTest
    @CsvSource({"0,4,6,6", "0,4,6,4", "6,2,12,2"})
    default void rotationsTurnTheirColumnsOfTheirHeadsAndBack(int first, int count, int stride, int turning) {
        int rows = 70;
        int half = turning / 2;
        Matrix x = random(rows, 5 * 6);
        double[] before = wide(x);
        Matrix cos = empty(rows, half);
        Matrix sin = empty(rows, half);
        float[] angles = new float[rows * half];
        for (int i = 0; i < angles.length; i++) {
            angles[i] = (float) (6 * draws().nextDouble());
        }
        float[] values = new float[angles.length];
        IntStream.range(0, values.length).forEach(i -> values[i] = (float) Math.cos(angles[i]));
        cos.put(values);
        IntStream.range(0, values.length).forEach(i -> values[i] = (float) Math.sin(angles[i]));
        sin.put(values);
        Rotation rotation = new Rotation(cos, sin, List.of(new HeadShape.Columns(first, count, stride)));
        double[] expected = before.clone();
        for (int r = 0; r < rows; r++) {
            for (int h = 0; h < count; h++) {
                for (int i = 0; i < half; i++) {
                    int left = r * 30 + first + h * stride + i;
                    int right = left + half;
                    double angle = angles[r * half + i];
                    expected[left] = before[left] * Math.cos(angle) - before[right] * Math.sin(angle);
                    expected[right] = before[right] * Math.cos(angle) + before[left] * Math.sin(angle);
                }
            }
        }
        backend().attention().rotate(x, rotation, false);
        assertClose(x, expected, Rounding.single(5));
        backend().attention().rotate(x, rotation, true);
        assertClose(x, before, Rounding.single(10));
    }
}
