package io.tessellate.mask.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.id.Sha256;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.Mask;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.RandomMask;
import io.tessellate.safetensors.Shape;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CertificateTest {
    private final ParameterSpace space =
            new ParameterSpace(List.of(new EligibleTensor("z", 200, 200), new EligibleTensor("a", 10, 30)));
    private final Map<String, float[]> model = Map.of(
            "z", Adapters.values(new SplittableRandom(1), 40_000), "a", Adapters.values(new SplittableRandom(2), 300));

    @Test
    void theDigestIsThatOfTheDocumentedBytes() throws IOException {
        Mask mask = RandomMask.of(Mask.all(space), 20_000, new SplittableRandom(3));
        assertThat(Certificate.of(mask, this::read)).isEqualTo(expected(mask));
        Mask oneTensor = Mask.builder(space).addAll("z").build();
        assertThat(Certificate.of(oneTensor, this::read)).isEqualTo(expected(oneTensor));
        assertThat(Certificate.of(Mask.none(space), this::read)).isEqualTo(Sha256.of(new byte[0]));
    }

    @Test
    void anAdapterHasTheDigestOfItsMask() {
        Mask mask = RandomMask.of(Mask.all(space), 5_000, new SplittableRandom(4));
        List<TensorUpdate> updates = new ArrayList<>();
        for (EligibleTensor tensor : space.tensors()) {
            int[] indices = mask.indices(tensor.name());
            Shape shape = Shape.of(tensor.rows(), tensor.columns());
            updates.add(TensorUpdate.listed(tensor.name(), shape, indices, read(tensor.name(), indices)));
        }
        Adapter adapter = new Adapter(Adapters.METADATA, updates, List.of());
        assertThat(Certificate.of(adapter, this::read)).isEqualTo(Certificate.of(mask, this::read));
    }

    @Test
    void everyBitCounts() {
        Mask mask = Mask.builder(space).add(0, 7).build();
        Sha256 digest = Certificate.of(mask, (tensor, indices) -> new float[] {0f});
        assertThat(Certificate.of(mask, (tensor, indices) -> new float[] {0f})).isEqualTo(digest);
        assertThat(Certificate.of(mask, (tensor, indices) -> new float[] {-0f})).isNotEqualTo(digest);
        assertThat(Certificate.of(Mask.builder(space).add(0, 8).build(), (tensor, indices) -> new float[] {0f}))
                .isNotEqualTo(digest);
        assertThat(Certificate.of(Mask.builder(space).add(1, 7).build(), (tensor, indices) -> new float[] {0f}))
                .isNotEqualTo(digest);
    }

    @Test
    void versionsFormAChain() {
        Sha256 base = Adapters.BASE;
        Sha256 first = Sha256.of("1".getBytes(StandardCharsets.UTF_8));
        Sha256 second = Sha256.of("2".getBytes(StandardCharsets.UTF_8));
        byte[] both = Arrays.copyOf(base.bytes(), 64);
        System.arraycopy(first.bytes(), 0, both, 32, 32);

        assertThat(VersionDigest.of(base, List.of()).value()).isEqualTo(base);
        assertThat(VersionDigest.base(base).then(first).value()).isEqualTo(Sha256.of(both));
        assertThat(VersionDigest.of(base, List.of(first, second)))
                .isEqualTo(VersionDigest.base(base).then(first).then(second))
                .isNotEqualTo(VersionDigest.of(base, List.of(second, first)));
    }

    private float[] read(String tensor, int[] indices) {
        float[] values = new float[indices.length];
        for (int n = 0; n < indices.length; n++) {
            values[n] = model.get(tensor)[indices[n]];
        }
        return values;
    }

    /** The table of docs/format/certificate.md, written down once more. */
    private Sha256 expected(Mask mask) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        for (Map.Entry<String, float[]> tensor : new TreeMap<>(model).entrySet()) {
            int[] indices = mask.indices(tensor.getKey());
            if (indices.length > 0) {
                out.writeInt(Integer.reverseBytes(tensor.getKey().length()));
                out.write(tensor.getKey().getBytes(StandardCharsets.UTF_8));
                out.writeInt(Integer.reverseBytes(indices.length));
                for (int index : indices) {
                    out.writeInt(Integer.reverseBytes(index));
                    out.writeInt(Integer.reverseBytes(Float.floatToRawIntBits(tensor.getValue()[index])));
                }
            }
        }
        return Sha256.of(bytes.toByteArray());
    }
}
