package io.tessellate.engine.backend.torch;

import io.tessellate.engine.backend.ActivationKernels;
import io.tessellate.engine.backend.AttentionKernels;
import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Memory;
import io.tessellate.engine.backend.NormKernels;
import io.tessellate.engine.backend.Products;
import io.tessellate.engine.backend.RowKernels;
import io.tessellate.engine.backend.nd4j.CudaBuild;
import io.tessellate.engine.backend.nd4j.InstructionSet;
import io.tessellate.engine.backend.nd4j.Nd4jRuntime;
import java.util.Map;
import java.util.TreeMap;

/** Operators of libtorch on one device, in single precision. */
record TorchBackend(
        TorchDevice device,
        Memory memory,
        Products products,
        RowKernels rows,
        ActivationKernels activations,
        NormKernels norms,
        AttentionKernels attention)
        implements Backend {

    /** Opens it, or fails saying what is missing. */
    static TorchBackend open(TorchDevice device) {
        TorchRuntime.start(device);
        Workspaces workspaces = Workspaces.of(device);
        Memory memory = new TorchMemory(workspaces);
        return new TorchBackend(
                device,
                memory,
                new TorchProducts(workspaces, memory),
                new TorchRows(workspaces),
                new TorchActivations(workspaces),
                new TorchNorms(workspaces),
                new TorchAttentionKernels(workspaces));
    }

    @Override
    public String name() {
        return device.toString();
    }

    @Override
    public String description() {
        String where = device.isCuda() ? ", GPU " + device.index() + " of " + gpus() : "";
        return TorchRuntime.describe() + where;
    }

    private static String gpus() {
        return CudaBuild.ofClassPath().devices();
    }

    @Override
    public Map<String, String> environment() {
        Map<String, String> facts = new TreeMap<>();
        facts.put("libtorch", Libtorch.version());
        facts.put("device", device.isCuda() ? gpus() : device.kind());
        facts.put("instructions", InstructionSet.ofProcessor().name());
        if (!device.isCuda()) {
            // Where libtorch comes without one of its own, it multiplies by the OpenBLAS that ND4J brings.
            facts.putAll(Nd4jRuntime.openBlas());
        }
        facts.put("threads", String.valueOf(Libtorch.threads()));
        return facts;
    }
}
