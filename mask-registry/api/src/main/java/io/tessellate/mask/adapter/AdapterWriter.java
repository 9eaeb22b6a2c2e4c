package io.tessellate.mask.adapter;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import io.tessellate.safetensors.DType;
import io.tessellate.safetensors.SafetensorsWriter;
import io.tessellate.safetensors.Shape;
import io.tessellate.safetensors.TensorSource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Turns an adapter into tensors and metadata. */
final class AdapterWriter {
    private final List<TensorSource> values = new ArrayList<>();
    private final List<TensorSource> indices = new ArrayList<>();
    private final ArrayNode updates = MetadataJson.MAPPER.createArrayNode();
    private final ArrayNode head = MetadataJson.MAPPER.createArrayNode();
    private final ArrayNode factors = MetadataJson.MAPPER.createArrayNode();

    private String version = AdapterLayout.VERSION;

    private AdapterWriter(Adapter adapter) {
        adapter.updates().forEach(this::add);
        adapter.head().forEach(this::add);
        adapter.factors().forEach(this::add);
    }

    static Sha256 write(Path file, Adapter adapter) {
        AdapterWriter writer = new AdapterWriter(adapter);
        List<TensorSource> tensors = new ArrayList<>(writer.values);
        tensors.addAll(writer.indices);
        return SafetensorsWriter.write(file, writer.metadata(adapter.metadata()), tensors);
    }

    private Map<String, String> metadata(AdapterMetadata from) {
        Map<String, String> metadata = new TreeMap<>();
        metadata.put(AdapterLayout.FORMAT_KEY, AdapterLayout.FORMAT);
        metadata.put(AdapterLayout.VERSION_KEY, factors.isEmpty() ? version : AdapterLayout.VERSION_2);
        metadata.put(AdapterLayout.BASE_KEY, from.baseDigest().hex());
        metadata.put(AdapterLayout.PARENT_KEY, from.parent().value().hex());
        metadata.put(AdapterLayout.TASK_KEY, from.task().toString());
        metadata.put(AdapterLayout.METHOD_KEY, from.method());
        metadata.put(AdapterLayout.RUN_KEY, from.run().value());
        metadata.put(AdapterLayout.RECIPE_KEY, from.recipe());
        metadata.put(AdapterLayout.UPDATES_KEY, text(updates));
        metadata.put(AdapterLayout.HEAD_KEY, text(head));
        if (!factors.isEmpty()) {
            metadata.put(AdapterLayout.FACTORS_KEY, text(factors));
        }
        metadata.put(AdapterLayout.CHECKSUM_KEY, AdapterLayout.checksum(metadata));
        return metadata;
    }

    private static String text(ArrayNode list) {
        String text = MetadataJson.text(list);
        if (text.length() > AdapterLayout.MAX_LIST) {
            throw new TessellateException(
                    ErrorCode.TOO_LARGE, "an adapter of %d tensors is more than readers take".formatted(list.size()));
        }
        return text;
    }

    private void add(TensorUpdate update) {
        boolean whole = update.index() instanceof EntryIndex.All;
        Shape stored = whole ? update.shape() : Shape.of(update.count());
        DType dtype = bfloat(update.sharedValues()) ? DType.BF16 : DType.F32;
        byte[] bytes = bytes(dtype, update.sharedValues());
        values.add(TensorSource.bytes(AdapterLayout.valuesOf(update.name()), dtype, stored, bytes));

        ObjectNode described = described(updates, update.name(), update.shape());
        described.put("kind", kind(update.index()));
        described.put("count", update.count());
        described.put("values", AdapterLayout.checksum(ByteBuffer.wrap(bytes)));
        if (update.index() instanceof EntryIndex.Listed listed) {
            add(update.name(), RiceCode.encode(listed.toArray()), described);
        } else if (update.index() instanceof EntryIndex.Seeded seeded) {
            add(seeded, described);
        }
    }

    private void add(EntryIndex.Seeded seeded, ObjectNode described) {
        described.put("classes", seeded.lift().classes());
        described.put("class", seeded.liftClass());
        described.put("seed", Long.toString(seeded.lift().seed()));
        described.put("draw", seeded.lift().draw());
        if (seeded.lift().shared()) {
            described.put(AdapterLayout.SHARED, true);
            version = AdapterLayout.VERSION_2;
        }
    }

    private void add(String name, RiceCode code, ObjectNode described) {
        described.put("index", AdapterLayout.checksum(ByteBuffer.wrap(code.bytes())));
        described.put("parameter", code.parameter());
        indices.add(
                TensorSource.bytes(AdapterLayout.indexOf(name), DType.U8, Shape.of(code.bytes().length), code.bytes()));
    }

    private void add(HeadTensor tensor) {
        String checksum = add(AdapterLayout.headTensor(tensor.name()), tensor.shape(), tensor.sharedValues());
        described(head, tensor.name(), tensor.shape()).put("values", checksum);
    }

    private void add(Factors added) {
        ObjectNode described = factors.addObject();
        described.put("name", added.tensor());
        described.put("rank", added.rank());
        described.put("scale", added.scale());
        String a = add(AdapterLayout.factorA(added.tensor()), Shape.of(added.rank(), added.columns()), added.a());
        described.put("A", a);
        String b = add(AdapterLayout.factorB(added.tensor()), Shape.of(added.rows(), added.rank()), added.b());
        described.put("B", b);
    }

    /** Adds a tensor of floats and gives its checksum. */
    private String add(String name, Shape shape, float[] floats) {
        byte[] bytes = bytes(DType.F32, floats);
        values.add(TensorSource.bytes(name, DType.F32, shape, bytes));
        return AdapterLayout.checksum(ByteBuffer.wrap(bytes));
    }

    private static ObjectNode described(ArrayNode list, String name, Shape shape) {
        ObjectNode described = list.addObject();
        described.put("name", name);
        shape.dimensions().forEach(described.putArray("shape")::add);
        return described;
    }

    private static String kind(EntryIndex index) {
        if (index instanceof EntryIndex.All) {
            return AdapterLayout.ALL;
        }
        return index instanceof EntryIndex.Seeded ? AdapterLayout.SEEDED : AdapterLayout.RICE;
    }

    /** Whether BF16 holds every value exactly. */
    private static boolean bfloat(float[] values) {
        int lowBits = 0;
        for (float value : values) {
            lowBits |= Float.floatToRawIntBits(value);
        }
        return (lowBits & 0xffff) == 0;
    }

    private static byte[] bytes(DType dtype, float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, dtype.bytes()))
                .order(ByteOrder.LITTLE_ENDIAN);
        if (dtype == DType.F32) {
            bytes.asFloatBuffer().put(values);
        } else {
            for (float value : values) {
                bytes.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
            }
        }
        return bytes.array();
    }
}
