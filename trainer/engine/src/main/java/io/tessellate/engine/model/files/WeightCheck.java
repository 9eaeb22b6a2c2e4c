package io.tessellate.engine.model.files;

import io.tessellate.engine.model.family.UnusedTensors;
import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.engine.model.weights.ParameterTensor;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.safetensors.TensorInfo;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Holds weight files against the layout their configuration asks for.
 *
 * @param files to be checked
 * @param layout what must be there
 * @param unused what else may be
 */
record WeightCheck(WeightFiles files, ParameterLayout layout, UnusedTensors unused) {
    private static final int NAMED = 12;

    /** Names the tensors that are missing, unknown, or of a shape or type that does not fit. */
    void run() {
        List<String> missing = layout.tensors().stream()
                .map(ParameterTensor::name)
                .filter(name -> !files.contains(name))
                .toList();
        List<String> unknown = files.tensorNames().stream()
                .filter(name -> !layout.contains(name) && unused.kind(name).isEmpty())
                .toList();
        if (!missing.isEmpty() || !unknown.isEmpty()) {
            throw mismatch("missing tensors %s, unknown tensors %s".formatted(some(missing), some(unknown)));
        }
        layout.tensors().forEach(this::shape);
    }

    private static String some(List<String> names) {
        String first = names.stream().limit(NAMED).collect(Collectors.joining(", ", "[", "]"));
        return names.size() <= NAMED ? first : "%s and %d more".formatted(first, names.size() - NAMED);
    }

    private void shape(ParameterTensor tensor) {
        TensorInfo info = files.info(tensor.name());
        if (!info.shape().equals(tensor.shape()) || !info.dtype().readableAsFloat()) {
            throw mismatch("tensor '%s' has shape %s and dtype %s, its config.json asks for %s in F32, F16 or BF16"
                    .formatted(tensor.name(), info.shape(), info.dtype(), tensor.shape()));
        }
    }

    private TessellateException mismatch(String problem) {
        return new TessellateException(ErrorCode.TENSOR_MISMATCH, "%s: %s".formatted(files.directory(), problem));
    }
}
