package io.tessellate.engine.backend.nd4j;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts ND4J once per process and says in one line what was found. */
public final class Nd4jRuntime {
    private static final Logger log = LoggerFactory.getLogger(Nd4jRuntime.class);

    private Nd4jRuntime() {}

    /** Loads the native libraries; a failure names the cause instead of leaving a half-started ND4J behind. */
    public static void start() {
        if (Started.PROBLEM != null) {
            throw new TessellateException(ErrorCode.UNAVAILABLE_DEPENDENCY, "ND4J does not start: " + Started.PROBLEM);
        }
    }

    /** Starts ND4J and refuses any ND4J backend whose memory Java loops must not touch. */
    public static void requireCpu(String backend) {
        start();
        if (!Nd4j.getEnvironment().isCPU()) {
            throw new TessellateException(
                    ErrorCode.INVALID_CONFIGURATION,
                    ("backend '%s' needs ND4J's CPU backend, but ND4J chose %s; choose backend 'nd4j', or set"
                                    + " BACKEND_PRIORITY_CPU=1000 and BACKEND_PRIORITY_GPU=10 in the environment")
                            .formatted(backend, Nd4j.getBackend().getClass().getSimpleName()));
        }
    }

    /** Refuses ND4J's CPU backend where a GPU was asked for and found. */
    static void requireGpu(String backend) {
        if (Nd4j.getEnvironment().isCPU()) {
            throw new TessellateException(
                    ErrorCode.UNAVAILABLE_DEPENDENCY,
                    ("backend '%s' found a GPU it supports, but ND4J's CUDA backend does not start: CUDA 11.6"
                                    + " (libcublas.so.11, libcusolver.so.11) must be installed; the log says more")
                            .formatted(backend));
        }
    }

    /** The native backend and its threads. */
    public static String describe() {
        return "%s, %d threads"
                .formatted(
                        Nd4j.getBackend().getClass().getSimpleName(),
                        Nd4j.getEnvironment().maxMasterThreads());
    }

    /** Whether products of bf16 numbers are faster than those of single precision. Unknown of GPUs, and so denied. */
    static boolean hasBrainFloats() {
        return Nd4j.getEnvironment().isCPU() && InstructionSet.ofProcessor().brainFloats();
    }

    /** What the bits of native arithmetic depend on: the vector instructions, and among how many threads a product is cut. */
    public static Map<String, String> environment() {
        Map<String, String> facts = new TreeMap<>();
        facts.put("instructions", InstructionSet.ofProcessor().name());
        facts.put("threads", String.valueOf(Nd4j.getEnvironment().maxMasterThreads()));
        facts.putAll(openBlas());
        return facts;
    }

    /** Which kernels OpenBLAS takes, where it does not choose by itself. */
    public static Map<String, String> openBlas() {
        return OpenBlasCore.ofProcess().map(core -> Map.of("openblas", core)).orElse(Map.of());
    }

    /** The class initialiser runs once, under the class loader's lock, however many threads ask. */
    private static final class Started {
        static final @Nullable String PROBLEM = load();

        private static @Nullable String load() {
            liftProcessMemoryLimit();
            OpenBlasCore.choose();
            try {
                Nd4j.create(DataType.FLOAT, 1).close();
                Nd4j.getMemoryManager().togglePeriodicGc(false);
                log.info("ND4J started: {}", describe());
                return null;
            } catch (Exception | LinkageError e) {
                log.error("ND4J does not start", e);
                return e.toString();
            }
        }

        /**
         * JavaCPP otherwise refuses to allocate once the whole process, broker and stores included, is larger than twice
         * the heap. Our own off-heap memory is allocated up front and freed by its owners.
         */
        private static void liftProcessMemoryLimit() {
            for (String limit : new String[] {"maxbytes", "maxphysicalbytes"}) {
                String key = "org.bytedeco.javacpp." + limit;
                if (System.getProperty(key) == null) {
                    System.setProperty(key, "0");
                }
            }
        }
    }
}
