package io.tessellate.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.id.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Digests against the slow, obvious reading of docs/format/dataset-digest.md. */
final class DigestTest {
    private static List<Example> examples(Random random, int count) {
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Label label = switch (random.nextInt(3)) {
                case 0 -> new Label.ClassIndex(random.nextInt(5));
                case 1 -> new Label.Real(random.nextGaussian());
                default -> new Label.Completion("completion ü " + i);
            };
            Split split = random.nextBoolean() ? Split.TRAIN : Split.EVAL;
            examples.add(new Example("id-" + i, split, "text 😀 " + i, random.nextBoolean() ? "pair" : null, label));
        }
        return examples;
    }

    private static byte[] referenceExample(Example example) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.write("tessellate-example-1\n".getBytes(UTF_8));
        out.writeByte(example.split() == Split.TRAIN ? 't' : 'e');
        referenceText(out, example.text());
        referenceText(out, example.textPair());
        if (example.label() instanceof Label.ClassIndex aClass) {
            out.writeByte('c');
            out.writeInt(aClass.index());
        } else if (example.label() instanceof Label.Real real) {
            out.writeByte('r');
            out.writeDouble(real.value());
        } else {
            out.writeByte('g');
            referenceText(out, example.label().completion());
        }
        return Sha256.of(bytes.toByteArray()).bytes();
    }

    private static void referenceText(DataOutputStream out, String text) throws IOException {
        out.writeByte(text == null ? 0 : 1);
        if (text != null) {
            out.writeInt(text.getBytes(UTF_8).length);
            out.write(text.getBytes(UTF_8));
        }
    }

    private static Sha256 referenceDataset(List<Example> examples) throws IOException {
        BigInteger sum = BigInteger.ZERO;
        for (Example example : examples) {
            sum = sum.add(new BigInteger(1, referenceExample(example)));
        }
        byte[] magnitude = sum.mod(BigInteger.ONE.shiftLeft(256)).toByteArray();
        byte[] bytes = new byte[32];
        for (int i = 0; i < Math.min(32, magnitude.length); i++) {
            bytes[31 - i] = magnitude[magnitude.length - 1 - i];
        }
        var out = new ByteArrayOutputStream();
        out.write("tessellate-dataset-1\n".getBytes(UTF_8));
        out.write(ByteBuffer.allocate(8).putLong(examples.size()).array());
        out.write(bytes);
        return Sha256.of(out.toByteArray());
    }

    private static Sha256 digest(List<Example> examples) {
        var dataset = new DatasetDigest();
        var digests = new ExampleDigest();
        examples.forEach(example -> dataset.add(digests.of(example)));
        return dataset.value();
    }

    @Test
    void theFastDigestIsTheSlowOne() throws IOException {
        for (int count : new int[] {0, 1, 2, 7, 300}) {
            List<Example> examples = examples(new Random(count), count);
            assertThat(digest(examples)).isEqualTo(referenceDataset(examples));
        }
    }

    @Test
    void theDigestsOfTheFormatPageAreThese() {
        assertThat(digest(List.of())).hasToString(DOCUMENTED_EMPTY);
        assertThat(digest(List.of(Example.train("good film", new Label.ClassIndex(1)))))
                .hasToString(DOCUMENTED_ONE);
    }

    private static final String DOCUMENTED_EMPTY = "5e4a9bc10b1ce89e7368737369ae575a6b50151c40ff5ea9e7a21aa0b5b5b4cb";
    private static final String DOCUMENTED_ONE = "b621f4fd7c2522f403bc0c992347944178363d4e47198e2e2453f22e3681fd11";

    @Test
    void orderAndIdsDoNotMatterButEverythingElseDoes() {
        List<Example> examples = examples(new Random(1), 50);
        Sha256 digest = digest(examples);
        List<Example> shuffled = new ArrayList<>(examples);
        Collections.shuffle(shuffled, new Random(2));
        assertThat(digest(shuffled)).isEqualTo(digest);
        Example first = examples.get(0);
        shuffled = new ArrayList<>(examples);
        shuffled.set(0, new Example("other", first.split(), first.text(), first.textPair(), first.label()));
        assertThat(digest(shuffled)).isEqualTo(digest);
        shuffled.set(0, new Example(first.id(), first.split(), first.text() + " ", first.textPair(), first.label()));
        assertThat(digest(shuffled)).isNotEqualTo(digest);
        shuffled.set(0, new Example(first.id(), first.split(), first.text(), "another", first.label()));
        assertThat(digest(shuffled)).isNotEqualTo(digest);
        shuffled.set(0, new Example(first.id(), first.split(), first.text(), first.textPair(), new Label.Real(77)));
        assertThat(digest(shuffled)).isNotEqualTo(digest);
        assertThat(digest(examples.subList(1, 50))).isNotEqualTo(digest);
    }

    @Test
    void anExampleCanBeTakenBack() {
        var random = new Random(3);
        var digests = new ExampleDigest();
        List<Example> examples = examples(random, 100);
        var dataset = new DatasetDigest();
        examples.forEach(example -> dataset.add(digests.of(example)));
        examples.subList(40, 100).forEach(example -> dataset.remove(digests.of(example)));
        assertThat(dataset.count()).isEqualTo(40);
        assertThat(dataset.value()).isEqualTo(digest(examples.subList(0, 40)));
    }

    @Test
    void theStateCanBeSavedAndGoesOn() {
        List<Example> examples = examples(new Random(4), 20);
        var digests = new ExampleDigest();
        var first = new DatasetDigest();
        examples.subList(0, 10).forEach(example -> first.add(digests.of(example)));
        ByteBuffer state = ByteBuffer.allocate(40);
        first.save(state);
        var second = DatasetDigest.restore(state.flip());
        examples.subList(10, 20).forEach(example -> second.add(digests.of(example)));
        assertThat(second.value()).isEqualTo(digest(examples));
    }

    @Test
    void carriesRunThroughAllLimbs() {
        byte[] ones = new byte[32];
        java.util.Arrays.fill(ones, (byte) 0xff);
        byte[] one = new byte[32];
        one[31] = 1;
        var dataset = new DatasetDigest();
        dataset.add(ones);
        dataset.add(one);
        ByteBuffer state = ByteBuffer.allocate(40);
        dataset.save(state);
        assertThat(state.array()).isEqualTo(ByteBuffer.allocate(40).putLong(2).array());
        dataset.remove(one);
        state.clear();
        dataset.save(state);
        assertThat(state.array()).endsWith(ones);
    }

    @Test
    void negativeZeroIsZero() {
        Example minus = Example.train("x", new Label.Real(-0.0));
        assertThat(minus).isEqualTo(Example.train("x", new Label.Real(0.0)));
        assertThat(digest(List.of(minus))).isEqualTo(digest(List.of(Example.train("x", new Label.Real(0.0)))));
    }
}
