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
        metadata.put(AdapterLayout.VERSION_KEY, version(from));
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
        from.units().ifPresent(units -> metadata.put(AdapterLayout.UNITS_KEY, units.json()));
        metadata.put(AdapterLayout.CHECKSUM_KEY, AdapterLayout.checksum(metadata));
        return metadata;
    }

    /** The least that can hold it: a file keeps its bytes when a later version is added. */
    private String version(AdapterMetadata from) {
        if (from.units().isPresent()) {
            return AdapterLayout.VERSION_3;
        }
        return factors.isEmpty() ? version : AdapterLayout.VERSION_2;
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
        TensorSource source =
                TensorSource.floats(AdapterLayout.valuesOf(update.name()), dtype, stored, update::sharedValues);
        values.add(source);

        ObjectNode described = described(updates, update.name(), update.shape());
        described.put("kind", kind(update.index()));
        described.put("count", update.count());
        described.put("values", AdapterLayout.checksum(source));
        if (update.index() instanceof EntryIndex.Listed listed) {
            add(update.name(), listed, described);
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

    /** The code is made twice, for its checksum and when its turn to be written comes: nothing of it is kept between. */
    private void add(String name, EntryIndex.Listed listed, ObjectNode described) {
        RiceCode code = RiceCode.encode(listed);
        int parameter = code.parameter();
        TensorSource source = TensorSource.bytes(
                AdapterLayout.indexOf(name),
                DType.U8,
                Shape.of(code.bytes().length),
                () -> RiceCode.encode(listed, parameter).bytes());
        described.put("index", AdapterLayout.checksum(source));
        described.put("parameter", parameter);
        indices.add(source);
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
        TensorSource source = TensorSource.floats(name, shape, floats);
        values.add(source);
        return AdapterLayout.checksum(source);
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
}
