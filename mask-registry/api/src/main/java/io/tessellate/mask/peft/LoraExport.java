package io.tessellate.mask.peft;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.Factors;
import io.tessellate.mask.adapter.TensorUpdate;
import io.tessellate.safetensors.Shape;
import io.tessellate.safetensors.TensorSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Writes a view of a model as a LoRA adapter of PEFT (<a href="https://arxiv.org/abs/2106.09685">2106.09685</a>): the base
 * and this adapter are the view, up to the rounding of W + scale B A in fp32. Every adapter of the view must be a low-rank
 * change. Several of them are one of the sum of their ranks, A's on top of each other and B's side by side; where a layer
 * has a smaller rank than another it is filled with zeros, since PEFT is given one rank for all. The head of the view's last
 * task lies beside it as {@code head.safetensors}.
 */
public final class LoraExport {
    private final PeftFolder folder;

    /** An export for models of a class. */
    public LoraExport(PeftClass model) {
        this.folder = new PeftFolder(model);
    }

    /**
     * Writes {@code adapter_config.json}, {@code adapter_model.safetensors} and, if the last task has a head of its own,
     * {@code head.safetensors} into a directory that must be empty or absent.
     *
     * @param adapters of the view, in the order of their commit; the last one's head is exported
     * @param base what the configuration names as the base
     * @return digest of the adapter's weight file
     * @throws TessellateException INVALID_ARGUMENT if there is no adapter or one changes a tensor without factors
     */
    public Sha256 write(Path directory, List<Adapter> adapters, PeftBase base) {
        Adapter last = PeftFolder.last(adapters);
        adapters.forEach(LoraExport::requireFactors);
        List<Factors> all =
                adapters.stream().flatMap(adapter -> adapter.factors().stream()).toList();
        List<String> layers =
                new ArrayList<>(new TreeSet<>(all.stream().map(Factors::tensor).toList()));
        int rank = layers.stream()
                .mapToInt(
                        layer -> of(layer, all).stream().mapToInt(Factors::rank).sum())
                .max()
                .orElseThrow();
        double scale = commonScale(all);
        List<TensorSource> tensors = layers.stream()
                .flatMap(layer -> tensors(of(layer, all), rank, scale).stream())
                .toList();
        Map<String, Object> configuration =
                Map.of("peft_type", "LORA", "r", rank, "lora_alpha", scale * rank, "lora_dropout", 0.0, "bias", "none");
        return folder.write(directory, configuration, base, layers, tensors, last);
    }

    private static void requireFactors(Adapter adapter) {
        List<String> factored = adapter.factors().stream().map(Factors::tensor).toList();
        for (TensorUpdate update : adapter.updates()) {
            if (!factored.contains(update.name())) {
                throw new TessellateException(
                        ErrorCode.INVALID_ARGUMENT,
                        "adapter of %s changes tensor '%s' without factors: only tasks of the methods lora and pissa are LoRA adapters"
                                .formatted(adapter.metadata().task(), update.name()));
            }
        }
    }

    private static List<Factors> of(String layer, List<Factors> all) {
        return all.stream().filter(factors -> factors.tensor().equals(layer)).toList();
    }

    /** The scale of all of them; 1 if they differ and each has to bring its own into B. */
    private static double commonScale(List<Factors> all) {
        double first = all.get(0).scale();
        return all.stream().allMatch(factors -> factors.scale() == first) ? first : 1;
    }

    private List<TensorSource> tensors(List<Factors> parts, int rank, double scale) {
        int rows = parts.get(0).rows();
        int columns = parts.get(0).columns();
        float[] a = new float[rank * columns];
        float[] b = new float[rows * rank];
        int from = 0;
        for (Factors part : parts) {
            System.arraycopy(part.a(), 0, a, from * columns, part.rank() * columns);
            place(part, (float) (part.scale() / scale), b, rank, from);
            from += part.rank();
        }
        return folder.model().transposed()
                ? pair(parts.get(0), transposed(b, rows), transposed(a, rank), rank)
                : pair(parts.get(0), a, b, rank);
    }

    /** PEFT's factors are those of [outputs, inputs]; a weight held the other way round is the product of theirs, turned. */
    private static float[] transposed(float[] matrix, int rows) {
        int columns = matrix.length / rows;
        float[] turned = new float[matrix.length];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                turned[column * rows + row] = matrix[row * columns + column];
            }
        }
        return turned;
    }

    private List<TensorSource> pair(Factors of, float[] a, float[] b, int rank) {
        String start = folder.model().start(of.tensor());
        return List.of(
                TensorSource.floats(start + ".lora_A.weight", Shape.of(rank, a.length / rank), a),
                TensorSource.floats(start + ".lora_B.weight", Shape.of(b.length / rank, rank), b));
    }

    private static void place(Factors part, float by, float[] b, int rank, int from) {
        float[] values = part.b();
        for (int row = 0; row < part.rows(); row++) {
            for (int k = 0; k < part.rank(); k++) {
                b[row * rank + from + k] = by * values[row * part.rank() + k];
            }
        }
    }
}
