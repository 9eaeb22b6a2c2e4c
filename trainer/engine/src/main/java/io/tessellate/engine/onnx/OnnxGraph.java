package io.tessellate.engine.onnx;

import io.tessellate.safetensors.DType;
import io.tessellate.safetensors.Shape;
import io.tessellate.safetensors.TensorSource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A graph of ONNX operators under construction: each node is added once what it reads is there, and is known by the name of its one
 * result. Field numbers are those of <a href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">onnx.proto</a>.
 */
final class OnnxGraph {
    /** Element types by their numbers in the format. */
    enum Element {
        FLOAT(1),
        INT64(7);

        private final int number;

        Element(int number) {
            this.number = number;
        }

        /** The type of a stored tensor. */
        static Element of(DType type) {
            return type == DType.I64 ? INT64 : FLOAT;
        }

        int number() {
            return number;
        }
    }

    /** A setting of an operator. */
    record Attribute(String name, WireMessage message) {
        private static final int REAL = 1;
        private static final int INTEGER = 2;
        private static final int INTEGERS = 7;

        static Attribute real(String name, float value) {
            return new Attribute(name, named(name, REAL).real(2, value));
        }

        static Attribute integer(String name, long value) {
            return new Attribute(name, named(name, INTEGER).number(3, value));
        }

        static Attribute integers(String name, long... values) {
            WireMessage message = named(name, INTEGERS);
            for (long value : values) {
                message.number(8, value);
            }
            return new Attribute(name, message);
        }

        private static WireMessage named(String name, int type) {
            return new WireMessage().text(1, name).number(20, type);
        }
    }

    private final List<WireMessage> nodes = new ArrayList<>();
    private final List<WireMessage> inputs = new ArrayList<>();
    private final List<WireMessage> outputs = new ArrayList<>();
    private final Map<String, TensorSource> tensors = new LinkedHashMap<>();

    /** Adds a node and gives the name of its result. */
    String add(String operator, List<String> reads, Attribute... attributes) {
        return add(operator, reads, operator + "_" + nodes.size(), attributes);
    }

    /** The same with a result of this name. */
    String add(String operator, List<String> reads, String result, Attribute... attributes) {
        WireMessage node = new WireMessage();
        reads.forEach(read -> node.text(1, read));
        node.text(2, result).text(3, result).text(4, operator);
        for (Attribute attribute : attributes) {
            node.message(5, attribute.message());
        }
        nodes.add(node);
        return result;
    }

    /** A tensor that belongs to the graph. */
    String tensor(TensorSource tensor) {
        tensors.put(tensor.name(), tensor);
        return tensor.name();
    }

    /** A vector of integers that belongs to the graph; the same one for the same integers. */
    String integers(long... values) {
        StringBuilder name = new StringBuilder("int64");
        for (long value : values) {
            name.append('_').append(value);
        }
        return integers(name.toString(), values);
    }

    /** The same under a name, which must be of these integers alone. */
    String integers(String name, long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            bytes.putLong(value);
        }
        return tensor(TensorSource.bytes(name, DType.I64, Shape.of(values.length), bytes.array()));
    }

    /** Numbers under a name, which must be of these alone. */
    String reals(String name, float... values) {
        return tensor(TensorSource.floats(name, Shape.of(values.length), values));
    }

    /** One number that belongs to the graph, as a vector of length 1. */
    String real(float value) {
        return tensor(TensorSource.floats("float_" + value, Shape.of(1), new float[] {value}));
    }

    /** Something the caller gives, of dimensions that are known by name only. */
    String input(String name, Element element, List<String> dimensions) {
        inputs.add(value(name, element, dimensions));
        return name;
    }

    /** Something the caller gets; a dimension is a name or a number. */
    void output(String name, Element element, List<String> dimensions) {
        outputs.add(value(name, element, dimensions));
    }

    private static WireMessage value(String name, Element element, List<String> dimensions) {
        WireMessage shape = new WireMessage();
        for (String dimension : dimensions) {
            boolean known = dimension.chars().allMatch(Character::isDigit);
            WireMessage one = new WireMessage();
            shape.message(1, known ? one.number(1, Long.parseLong(dimension)) : one.text(2, dimension));
        }
        WireMessage tensor = new WireMessage().number(1, element.number()).message(2, shape);
        return new WireMessage().text(1, name).message(2, new WireMessage().message(1, tensor));
    }

    /** Its tensors in the order in which they were added. */
    List<TensorSource> tensors() {
        return List.copyOf(tensors.values());
    }

    /**
     * The whole.
     *
     * @param stored how each of its tensors is written
     */
    WireMessage message(String name, List<WireMessage> stored) {
        WireMessage graph = new WireMessage();
        nodes.forEach(node -> graph.message(1, node));
        graph.text(2, name);
        stored.forEach(tensor -> graph.message(5, tensor));
        inputs.forEach(input -> graph.message(11, input));
        outputs.forEach(output -> graph.message(12, output));
        return graph;
    }
}
