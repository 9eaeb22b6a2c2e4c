package io.tessellate.mask.peft;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.WeightSource;
import io.tessellate.safetensors.DType;
import io.tessellate.safetensors.Shape;
import io.tessellate.safetensors.TensorSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes a view of a model as a SHiRA adapter of PEFT (<a href="https://arxiv.org/abs/2406.13175">2406.13175</a>): the base
 * and this adapter are the view, up to the rounding of new = base + difference in fp32. SHiRA gives every layer rank times
 * (inputs + outputs) entries; the rank is the smallest that holds the fullest layer, and what is left over is filled with
 * entries of difference 0. The head of the view's last task lies beside it as {@code head.safetensors}.
 */
public final class ShiraExport {
    private final PeftFolder folder;

    /** An export for models of a class, whose layers must hold their weights as [outputs, inputs]. */
    public ShiraExport(PeftClass model) {
        if (model.transposed()) {
            throw new TessellateException(
                    ErrorCode.UNSUPPORTED_MODEL, "PEFT loads SHiRA adapters on layers of [outputs, inputs] only");
        }
        this.folder = new PeftFolder(model);
    }

    /**
     * Writes {@code adapter_config.json}, {@code adapter_model.safetensors} and, if the last task has a head of its own,
     * {@code head.safetensors} into a directory that must be empty or absent.
     *
     * @param adapters of the view, in the order of their commit; the last one's head is exported
     * @param values of the base model
     * @param base what the configuration names as the base
     * @return digest of the adapter's weight file
     * @throws TessellateException INVALID_ARGUMENT if there is no adapter, if one sets a whole tensor, or if the view is too dense
     */
    public Sha256 write(Path directory, List<Adapter> adapters, WeightSource values, PeftBase base) {
        Adapter last = PeftFolder.last(adapters);
        List<SparseDelta> deltas = SparseDelta.of(adapters, values);
        int rank = deltas.stream().mapToInt(SparseDelta::rank).max().orElse(1);
        List<TensorSource> tensors = new ArrayList<>();
        for (SparseDelta delta : deltas) {
            tensors.addAll(tensors(delta, delta.count(rank)));
        }
        Map<String, Object> configuration =
                Map.of("peft_type", "SHIRA", "init_weights", true, "mask_type", "random", "r", rank);
        List<String> layers = deltas.stream().map(SparseDelta::tensor).toList();
        return folder.write(directory, configuration, base, layers, tensors, last);
    }

    private List<TensorSource> tensors(SparseDelta delta, int count) {
        String start = folder.model().start(delta.tensor());
        return List.of(
                TensorSource.ints(start + ".shira_indices", Shape.of(2, count), () -> delta.coordinates(count)),
                TensorSource.floats(
                        start + ".shira_weight", DType.F32, Shape.of(count), () -> delta.differences(count)));
    }
}
