package io.tessellate.engine.backend.torch;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;

/** An operator of libtorch by its name, overload and number of results, which tensors to be written to are among. */
final class TorchOperator {
    private final Pointer name;
    private final Pointer overload;
    private final int results;

    TorchOperator(String name, String overload, int results) {
        this.name = text("aten::" + name);
        this.overload = text(overload);
        this.results = results;
    }

    private static Pointer text(String value) {
        Memory memory = new Memory(value.length() + 1L);
        memory.setString(0, value);
        return memory;
    }

    /** Calls it for what it writes to its arguments. */
    void run(Argument... arguments) {
        long[] stack = new long[Math.max(results, arguments.length)];
        for (int i = 0; i < arguments.length; i++) {
            stack[i] = arguments[i].word();
        }
        Libtorch.call(name, overload, stack);
        for (int i = 0; i < results; i++) {
            Libtorch.delete(stack[i]);
        }
    }
}
