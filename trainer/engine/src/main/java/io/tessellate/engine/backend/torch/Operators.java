package io.tessellate.engine.backend.torch;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;

/** The operators of libtorch that kernels are made of, all of which write to memory that is there. */
final class Operators {
    private static final Operator MULTIPLY = new Operator("mul", "out", 1);
    private static final Operator ADD_PRODUCT = new Operator("_foreach_addcmul_", "Tensor", 0);
    private static final Operator FILL = new Operator("fill_", "Tensor", 1);
    private static final Operator ERF = new Operator("erf", "out", 1);
    private static final Operator EXP = new Operator("exp", "out", 1);
    private static final Operator TANH = new Operator("tanh", "out", 1);
    private static final Operator SIGMOID = new Operator("sigmoid", "out", 1);
    private static final Operator RELU = new Operator("relu", "out", 1);
    private static final Operator GREATER = new Operator("gt", "Tensor_out", 1);
    private static final Operator AT_LEAST = new Operator("ge", "Tensor_out", 1);
    private static final Operator SILU = new Operator("silu", "out", 1);
    private static final Operator SILU_BACKWARD = new Operator("silu_backward", "grad_input", 1);
    private static final Operator INVERSE_ROOT = new Operator("rsqrt", "out", 1);
    private static final Operator NORM = new Operator("native_layer_norm", "out", 3);
    private static final Operator SOFTMAX = new Operator("_softmax", "out", 1);
    private static final Operator SOFTMAX_BACKWARD = new Operator("_softmax_backward_data", "out", 1);
    private static final Operator LOG_SOFTMAX = new Operator("_log_softmax", "out", 1);
    private static final Operator SELECT = new Operator("index_select", "out", 1);
    private static final Operator ASSIGN = new Operator("index_copy_", "", 1);
    private static final Operator SUM_ROWS = new Operator("embedding_dense_backward", "out", 1);
    private static final Operator RUNNING_SUM = new Operator("cumsum", "out", 1);
    private static final Operator XOR = new Operator("bitwise_xor", "Tensor_out", 1);
    private static final Operator AND = new Operator("bitwise_and", "Tensor_out", 1);
    private static final Operator SHIFT = new Operator("bitwise_right_shift", "Tensor_out", 1);

    private Operators() {}

    /** out = a b, entry by entry; one of them may be a number, a row or a column. */
    static void multiply(Tensor a, Tensor b, Tensor out) {
        MULTIPLY.run(a, b, out);
    }

    static void scale(Tensor x, float factor) {
        try (Tensor number = Libtorch.number(factor)) {
            multiply(x, number, x);
        }
    }

    /** x += factor a b, entry by entry; a or b may be a number, a row or a column. */
    static void addProduct(Tensor x, float factor, Tensor a, Tensor b) {
        try (Tensor number = Libtorch.number(factor);
                Tensor weight = Libtorch.view(number, 0, new long[] {1}, new long[] {1})) {
            ADD_PRODUCT.run(new Argument.Tensors(x), new Argument.Tensors(a), new Argument.Tensors(b), weight);
        }
    }

    static void fill(Tensor x, float value) {
        try (Tensor number = Libtorch.number(value)) {
            fill(x, number);
        }
    }

    static void fill(Tensor x, Tensor number) {
        FILL.run(x, number);
    }

    static void erf(Tensor x, Tensor out) {
        ERF.run(x, out);
    }

    static void exp(Tensor x, Tensor out) {
        EXP.run(x, out);
    }

    /** x = cap tanh(x / cap). */
    static void softCap(Tensor x, float cap) {
        scale(x, 1 / cap);
        TANH.run(x, x);
        scale(x, cap);
    }

    /** out = 1 / (1 + exp(-x)). */
    static void logistic(Tensor x, Tensor out) {
        SIGMOID.run(x, out);
    }

    static void relu(Tensor x, Tensor out) {
        RELU.run(x, out);
    }

    /** out = 1 where x is greater than y, else 0. */
    static void greater(Tensor x, Tensor y, Tensor out) {
        GREATER.run(x, y, out);
    }

    /** out = 1 where x is at least y, else 0. */
    static void atLeast(Tensor x, Tensor y, Tensor out) {
        AT_LEAST.run(x, y, out);
    }

    static void silu(Tensor x, Tensor out) {
        SILU.run(x, out);
    }

    /** out = gradient times the slope of {@link #silu} at x. */
    static void siluBackward(Tensor gradient, Tensor x, Tensor out) {
        SILU_BACKWARD.run(gradient, x, out);
    }

    static void inverseRoot(Tensor x, Tensor out) {
        INVERSE_ROOT.run(x, out);
    }

    /** Rows of mean 0 and deviation 1, with the means and inverse deviations, [rows, 1], they had. */
    static void normalise(Tensor x, long columns, double epsilon, Tensor out, Tensor mean, Tensor inverse) {
        NORM.run(
                x,
                new Argument.Numbers(columns),
                Argument.NONE,
                Argument.NONE,
                Argument.of(epsilon),
                out,
                mean,
                inverse);
    }

    /** Of rows; {@code out} may be {@code x}. */
    static void softmax(Tensor x, int dimension, Tensor out) {
        SOFTMAX.run(x, Argument.of(dimension), Argument.of(false), out);
    }

    /** From the gradient of probabilities to that of what the softmax was taken of, in place. */
    static void softmaxBackward(Tensor gradient, Tensor probabilities, int dimension) {
        SOFTMAX_BACKWARD.run(gradient, probabilities, Argument.of(dimension), Argument.of(Libtorch.FLOAT32), gradient);
    }

    static void logSoftmax(Tensor x, int dimension, Tensor out) {
        LOG_SOFTMAX.run(x, Argument.of(dimension), Argument.of(false), out);
    }

    /** out[i] = table[places[i]]. */
    static void select(Tensor table, Tensor places, Tensor out) {
        SELECT.run(table, Argument.of(0L), places, out);
    }

    /** table[places[i]] = rows[i]; no place may come twice. */
    static void assign(Tensor table, Tensor places, Tensor rows) {
        ASSIGN.run(table, Argument.of(0L), places, rows);
    }

    /** out[p] = the sum of the rows whose place is p; in their order, on every device. */
    static void sumRows(Tensor rows, Tensor places, long count, Tensor out) {
        SUM_ROWS.run(rows, places, Argument.of(count), Argument.of(-1L), Argument.of(false), out);
    }

    /** x[.., i] = x[.., 0] + .. + x[.., i]. */
    static void runningSum(Tensor x, int dimension) {
        RUNNING_SUM.run(x, Argument.of(dimension), Argument.NONE, x);
    }

    /** x ^= y, for whole numbers. */
    static void xor(Tensor x, Tensor y) {
        XOR.run(x, y, x);
    }

    /** out = x shifted to the right by so many bits, with zeros from the left. */
    static void shift(Tensor x, int bits, Tensor out) {
        try (Tensor by = Libtorch.number((long) bits);
                Tensor mask = Libtorch.number(-1L >>> bits)) {
            SHIFT.run(x, by, out);
            AND.run(out, mask, out);
        }
    }

    /** An operator of libtorch by its name, overload and number of results, which tensors to be written to are among. */
    private static final class Operator {
        private final Pointer name;
        private final Pointer overload;
        private final int results;

        Operator(String name, String overload, int results) {
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
}
