package io.tessellate.engine.onnx;

import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.files.BaseValues;
import io.tessellate.engine.model.files.ModelExport;
import io.tessellate.engine.model.head.Features;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.weights.ParameterTensor;
import io.tessellate.engine.model.weights.Slot;
import io.tessellate.engine.objective.HeadObjective;
import io.tessellate.engine.onnx.EncoderGraph.Tokens;
import io.tessellate.engine.onnx.OnnxGraph.Attribute;
import io.tessellate.engine.onnx.OnnxGraph.Element;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import io.tessellate.safetensors.DType;
import io.tessellate.safetensors.Shape;
import io.tessellate.safetensors.TensorSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes an encoder with a task's head as one ONNX file of operator set 17 in single precision. It reads {@code input_ids}, {@code
 * attention_mask} and, where the model has segments, {@code token_type_ids}, [batch, sequence] of 64-bit integers, padded behind the
 * tokens; with choices [batch, choices, sequence]. It gives {@code logits} and {@code probabilities}, [batch, labels] or [batch,
 * choices], or {@code value}, [batch], of a regression.
 *
 * @param base what the weights were grown on; UNSUPPORTED_MODEL unless its family is one that {@link EncoderGraph} writes
 * @param head of the task
 * @param objective what the head was trained towards
 * @param notes what the file says of itself
 * @param largest most bytes of tensors that the file holds itself; if there are more they lie in a second file beside it
 */
public record OnnxExport(BaseModel base, Head head, HeadObjective objective, Map<String, String> notes, long largest) {
    /** The file. */
    public static final String FILE = "model.onnx";

    /** The second file, of models too large for one message. */
    public static final String DATA = "model.onnx.data";

    /** The operator set. */
    public static final int OPERATORS = 17;

    /** A message ends at 2^31 bytes; the rest is for names and nodes. */
    private static final long MESSAGE = Integer.MAX_VALUE - (64L << 20);

    private static final String IDS = "input_ids";
    private static final String MASK = "attention_mask";
    private static final String TYPES = "token_type_ids";
    private static final String WEIGHT = "task.head.weight";
    private static final String BIAS = "task.head.bias";
    private static final List<String> PAIRS = List.of("batch", "sequence");
    private static final List<String> TRIPLES = List.of("batch", "choices", "sequence");

    /** Checks that the model is of a family that is written. */
    public OnnxExport {
        EncoderGraph.require(base.config());
        notes = new TreeMap<>(notes);
        if (head.features()
                != Features.of(head, base.config()).width(base.config().hidden())) {
            throw new TessellateException(
                    ErrorCode.TENSOR_MISMATCH,
                    "a head of %d features does not fit a model of hidden width %d"
                            .formatted(head.features(), base.config().hidden()));
        }
    }

    /** One file for all that a message can hold. */
    public OnnxExport(BaseModel base, Head head, HeadObjective objective, Map<String, String> notes) {
        this(base, head, objective, notes, MESSAGE);
    }

    /** Names of what it reads. */
    public List<String> inputs() {
        return segmented() ? List.of(IDS, MASK, TYPES) : List.of(IDS, MASK);
    }

    private boolean segmented() {
        return base.config().tokenTypes() > 1;
    }

    /**
     * Writes the file, and where one is needed the second before it. One tensor is in memory at a time.
     *
     * @param changes what the base's weights have become
     * @return digest of the file; it names that of the second
     */
    public Sha256 write(ModelExport.ChangedValues changes, Path directory) {
        try (BaseValues values = base.values()) {
            OnnxGraph graph = new OnnxGraph();
            for (ParameterTensor tensor : base.layout().tensors()) {
                graph.tensor(TensorSource.floats(tensor.name(), DType.F32, tensor.shape(), () -> {
                    float[] all = values.get(tensor.name());
                    changes.change(tensor.name(), all);
                    return all;
                }));
            }
            graph.tensor(TensorSource.floats(WEIGHT, Shape.of(head.labels(), head.features()), head.weight()));
            graph.tensor(TensorSource.floats(BIAS, Shape.of(head.labels()), head.bias()));
            build(graph);
            return new OnnxFile(graph, notes, largest).write(directory);
        }
    }

    private void build(OnnxGraph graph) {
        boolean choices = !objective.judgesSingleSequences();
        List<String> dimensions = choices ? TRIPLES : PAIRS;
        String ids = graph.input(IDS, Element.INT64, dimensions);
        String mask = graph.input(MASK, Element.INT64, dimensions);
        String types = segmented() ? graph.input(TYPES, Element.INT64, dimensions) : "";
        EncoderGraph encoder = new EncoderGraph(graph, base.config(), Slot.of(base.config(), base.layout()));
        Tokens tokens = choices ? side(graph, ids, mask, types) : new Tokens(ids, mask, types);
        String real = graph.add("Cast", List.of(tokens.mask()), Attribute.integer("to", Element.FLOAT.number()));
        String hidden = encoder.hidden(new Tokens(tokens.ids(), real, tokens.types()));
        String features = features(graph, hidden, real);
        List<String> layer = List.of(features, WEIGHT, BIAS);
        Attribute transposed = Attribute.integer("transB", 1);
        switch (objective) {
            case CLASSIFICATION -> {
                graph.add("Gemm", layer, "logits", transposed);
                probabilities(graph, Integer.toString(head.labels()));
            }
            case MULTIPLE_CHOICE -> {
                String shape = graph.add("Shape", List.of(ids), Attribute.integer("end", 2));
                graph.add("Reshape", List.of(graph.add("Gemm", layer, transposed), shape), "logits");
                probabilities(graph, "choices");
            }
            case REGRESSION -> {
                String column = graph.add("Gemm", layer, transposed);
                graph.add("Squeeze", List.of(column, graph.integers(1)), "value");
                graph.output("value", Element.FLOAT, List.of("batch"));
            }
        }
    }

    private static void probabilities(OnnxGraph graph, String columns) {
        graph.add("Softmax", List.of("logits"), "probabilities", Attribute.integer("axis", -1));
        graph.output("logits", Element.FLOAT, List.of("batch", columns));
        graph.output("probabilities", Element.FLOAT, List.of("batch", columns));
    }

    /** All examples' choices under one another. */
    private static Tokens side(OnnxGraph graph, String ids, String mask, String types) {
        String length = graph.add("Shape", List.of(ids), Attribute.integer("start", 2));
        String shape = graph.add("Concat", List.of(graph.integers(-1), length), Attribute.integer("axis", 0));
        List<String> flat = new ArrayList<>();
        for (String name : List.of(ids, mask, types)) {
            flat.add(name.isEmpty() ? "" : graph.add("Reshape", List.of(name, shape)));
        }
        return new Tokens(flat.get(0), flat.get(1), flat.get(2));
    }

    /** What the head reads: the first token's vector, and unless that is all the mean over all tokens behind it. */
    private String features(OnnxGraph graph, String hidden, String mask) {
        String second = graph.integers(1);
        String first = graph.add(
                "Squeeze",
                List.of(graph.add("Gather", List.of(hidden, graph.integers(0)), Attribute.integer("axis", 1)), second));
        if (Features.of(head, base.config()) == Features.TOKEN) {
            return first;
        }
        String column = graph.add("Unsqueeze", List.of(mask, graph.integers(2)));
        String kept = graph.add("Mul", List.of(hidden, column));
        Attribute dropped = Attribute.integer("keepdims", 0);
        String sum = graph.add("ReduceSum", List.of(kept, second), dropped);
        String count = graph.add("ReduceSum", List.of(column, second), dropped);
        String mean = graph.add("Div", List.of(sum, count));
        return graph.add("Concat", List.of(first, mean), Attribute.integer("axis", 1));
    }
}
