package io.tessellate.engine.backend.torch;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a backend's memory lies and its operators run.
 *
 * @param kind {@code cpu} or {@code cuda}
 * @param index which of several
 */
record TorchDevice(String kind, int index) {
    static final String CUDA = "cuda";
    static final TorchDevice HOST = new TorchDevice("cpu", 0);

    private static final Pattern NAME = Pattern.compile("torch:(?:cpu|cuda(?::(\\d{1,3}))?)");

    /** Reads the name of a backend: {@code torch:cpu}, {@code torch:cuda} or {@code torch:cuda:1}. */
    static TorchDevice parse(String backend) {
        Matcher matcher = NAME.matcher(backend);
        if (!matcher.matches()) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "backend '%s' names no device; known are torch:cpu, torch:cuda and torch:cuda:N"
                            .formatted(backend));
        }
        if (backend.equals("torch:cpu")) {
            return HOST;
        }
        String index = matcher.group(1);
        return new TorchDevice(CUDA, index == null ? 0 : Integer.parseInt(index));
    }

    boolean isCuda() {
        return kind.equals(CUDA);
    }

    /** libtorch's number of its kind. */
    int type() {
        return isCuda() ? Libtorch.aoti_torch_device_type_cuda() : 0;
    }

    /** The backend's name. */
    @Override
    public String toString() {
        return "torch:" + kind + (index == 0 ? "" : ":" + index);
    }
}
