package io.tessellate.engine.backend.torch;

import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import io.tessellate.engine.backend.MemoryRoom;
import io.tessellate.engine.backend.machine.MachineMemory;
import io.tessellate.engine.backend.nd4j.NativeEnvironment;
import io.tessellate.engine.backend.nd4j.Nd4jRuntime;
import io.tessellate.engine.backend.torch.installation.TorchInstallation;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads libtorch once per process, and what it needs for NVIDIA's GPUs when the first one is asked for. */
final class TorchRuntime {
    private static final Logger log = LoggerFactory.getLogger(TorchRuntime.class);

    /** RTLD_NOW, and not RTLD_GLOBAL: other native libraries of the process must not find these symbols. */
    private static final Map<String, ?> PRIVATELY = Map.of(Library.OPTION_OPEN_FLAGS, 2);

    private TorchRuntime() {}

    /** Makes the device usable, or fails saying what is missing. */
    static void start(TorchDevice device) {
        require(Cpu.LOADED.get());
        if (device.isCuda()) {
            require(Cuda.LOADED.get());
            if (device.index() >= Cuda.devices()) {
                throw new TessellateException(
                        ErrorCode.UNAVAILABLE_DEPENDENCY,
                        "backend '%s' needs %d GPUs that CUDA can use, and there are %d"
                                .formatted(device, device.index() + 1, Cuda.devices()));
            }
        }
    }

    private static void require(Loaded loaded) {
        if (loaded.problem() != null) {
            throw new TessellateException(ErrorCode.UNAVAILABLE_DEPENDENCY, loaded.problem());
        }
    }

    /** What was loaded, in one line. */
    static String describe() {
        return "libtorch %s of %s, %d threads"
                .formatted(Libtorch.version(), Cpu.LOADED.get().origin(), Libtorch.threads());
    }

    /** A function that not every version has. */
    static Optional<Function> function(String name) {
        try {
            return Optional.ofNullable(Cpu.LOADED.get().library()).map(library -> library.getFunction(name));
        } catch (UnsatisfiedLinkError e) {
            return Optional.empty();
        }
    }

    /** How much memory a device has. */
    static MemoryRoom room(TorchDevice device) {
        return device.isCuda() ? Cuda.room(device.index()) : MachineMemory.room();
    }

    private static NativeLibrary open(Path file) {
        return NativeLibrary.getInstance(file.toString(), PRIVATELY);
    }

    /**
     * What loading came to.
     *
     * @param found where it lies
     * @param library kept, for it would be unloaded with it
     */
    private record Loaded(
            @Nullable TorchInstallation found,
            @Nullable NativeLibrary library,
            String origin,
            @Nullable String problem) {}

    /** What is loaded once, however many threads ask; tried again after a failure, for what was missing may be there by then. */
    private static final class Once {
        private final Supplier<Loaded> loading;
        private @Nullable Loaded loaded;

        Once(Supplier<Loaded> loading) {
            this.loading = loading;
        }

        synchronized Loaded get() {
            Loaded before = loaded;
            if (before != null && before.problem() == null) {
                return before;
            }
            Loaded now = loading.get();
            loaded = now;
            return now;
        }
    }

    /** What the CPU needs. */
    private static final class Cpu {
        static final Once LOADED = new Once(Cpu::tried);

        private static Loaded tried() {
            TorchInstallation found = null;
            try {
                found = TorchInstallation.find();
                Loaded loaded = load(found);
                log.info("libtorch {} started, from {}", Libtorch.version(), found.folder());
                return loaded;
            } catch (TessellateException e) {
                return new Loaded(null, null, "", e.getMessage());
            } catch (LinkageError e) {
                return new Loaded(null, null, "", "libtorch of %s does not load: %s".formatted(found, e.getMessage()));
            }
        }

        /**
         * Where it may share an OpenBLAS with ND4J, ND4J goes first: the loader gives both the one that was there first, and
         * what backend {@code host} computes must not depend on which backends were opened before it.
         */
        private static Loaded load(TorchInstallation found) {
            if (found.sharesOpenBlas() && isNd4jPresent()) {
                Nd4jRuntime.start();
            }
            // PyTorch's own builds multiply with MKL, whose last bits would depend on where in memory a matrix begins.
            NativeEnvironment.choose(
                    "MKL_CBWR", "AUTO,STRICT", "the last bits of products may depend on where they lie");
            NativeLibrary library = open(found.library("torch_cpu"));
            Libtorch.bind(library);
            return new Loaded(found, library, found.origin(), null);
        }

        private static boolean isNd4jPresent() {
            try {
                Class.forName("org.nd4j.linalg.factory.Nd4j", false, TorchRuntime.class.getClassLoader());
                return true;
            } catch (ClassNotFoundException e) {
                return false;
            }
        }
    }

    /** Loaded when a GPU is asked for first: these libraries take gigabytes. */
    private static final class Cuda {
        /** {@code c10::cuda::device_count()}, which C has no name for. */
        private static final String DEVICE_COUNT = "_ZN3c104cuda12device_countEv";

        static final Once LOADED = new Once(Cuda::load);

        private static Loaded load() {
            TorchInstallation found = Cpu.LOADED.get().found();
            if (found == null || !Files.isRegularFile(found.library("torch_cuda"))) {
                return new Loaded(
                        null,
                        null,
                        "",
                        "libtorch of %s was built without CUDA"
                                .formatted(Cpu.LOADED.get().origin()));
            }
            try {
                NativeLibrary devices = open(found.library("c10_cuda"));
                // Its kernels register themselves.
                open(found.library("torch_cuda"));
                return new Loaded(found, devices, found.origin(), null);
            } catch (LinkageError e) {
                return new Loaded(
                        null, null, "", "CUDA's part of %s does not load: %s".formatted(found, e.getMessage()));
            }
        }

        /** What CUDA's runtime says of a GPU; a library's functions are also those of the libraries it depends on. */
        static MemoryRoom room(int gpu) {
            String origin = "GPU " + gpu;
            NativeLibrary library = LOADED.get().library();
            if (library == null) {
                return MemoryRoom.unknown(false, origin);
            }
            try {
                int[] before = new int[1];
                long[] free = new long[1];
                long[] total = new long[1];
                boolean told = succeeds(library, "cudaGetDevice", before)
                        && succeeds(library, "cudaSetDevice", gpu)
                        && succeeds(library, "cudaMemGetInfo", free, total);
                boolean back = succeeds(library, "cudaSetDevice", before[0]);
                return told && back
                        ? new MemoryRoom(total[0], free[0], Long.MAX_VALUE, false, origin)
                        : MemoryRoom.unknown(false, origin);
            } catch (UnsatisfiedLinkError e) {
                log.warn("how much memory {} has is not known: {}", origin, e.getMessage());
                return MemoryRoom.unknown(false, origin);
            }
        }

        private static boolean succeeds(NativeLibrary library, String function, Object... arguments) {
            return library.getFunction(function).invokeInt(arguments) == 0;
        }

        /** How many GPUs the driver and libtorch agree on. */
        static int devices() {
            NativeLibrary library = LOADED.get().library();
            return library == null
                    ? 0
                    : (byte) library.getFunction(DEVICE_COUNT).invokeInt(new Object[0]);
        }
    }
}
