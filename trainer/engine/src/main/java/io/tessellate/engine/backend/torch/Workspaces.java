package io.tessellate.engine.backend.torch;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;

/**
 * Gives every call of a kernel its {@link KernelWorkspace} on one device, and keeps the few constants that all of them read. There
 * is one for a device as long as the process runs, for nobody could free the constants of a backend that is no longer used.
 */
final class Workspaces {
    private static final Map<TorchDevice, Workspaces> ALL = new ConcurrentHashMap<>();

    private final TorchDevice device;
    private final Map<Object, Constant> constants = new HashMap<>();

    private Workspaces(TorchDevice device) {
        this.device = device;
    }

    static Workspaces of(TorchDevice device) {
        return ALL.computeIfAbsent(device, Workspaces::new);
    }

    /** To be closed at the end of the call. */
    KernelWorkspace open() {
        return new KernelWorkspace(this);
    }

    TorchDevice device() {
        return device;
    }

    /**
     * A constant that is made anew when it is too small. Views of it stay valid, for they share its memory.
     *
     * @param key what it is known by
     * @param extent how large it must be at least
     * @param make makes one of the given extent
     */
    synchronized Constant constant(Object key, int extent, IntFunction<Tensor> make) {
        Constant known = constants.get(key);
        if (known != null && known.extent() >= extent) {
            return known;
        }
        Constant made = new Constant(extent, make.apply(extent));
        constants.put(key, made);
        if (known != null) {
            known.tensor().close();
        }
        return made;
    }

    /**
     * Something that does not change.
     *
     * @param extent how large it is
     * @param tensor its values
     */
    record Constant(int extent, Tensor tensor) {}
}
