package io.tessellate.mask.adapter;

import static io.tessellate.mask.adapter.MalformedAdapterException.require;

import com.fasterxml.jackson.databind.JsonNode;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.expander.LiftedTensor;
import io.tessellate.mask.expander.LiftedTensors;
import io.tessellate.safetensors.DType;
import io.tessellate.safetensors.SafetensorsFile;
import io.tessellate.safetensors.Shape;
import io.tessellate.safetensors.TensorInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Checks a file against every rule of docs/format/adapter.md and builds the adapter, whose updates are held in memory or, of a
 * large file, left where they are.
 */
final class AdapterReader {
    private static final Set<ErrorCode> OF_THE_FILE =
            EnumSet.of(ErrorCode.STORAGE, ErrorCode.MALFORMED_FILE, ErrorCode.BLOB_DAMAGED);

    private final SafetensorsFile file;
    private final boolean held;
    private final LiftedTensors lifts = new LiftedTensors();
    private final Map<String, String> metadata;
    private final Set<String> unread;

    private AdapterReader(SafetensorsFile file, boolean held) {
        this.file = file;
        this.held = held;
        this.metadata = file.metadata();
        this.unread = new HashSet<>(file.tensorNames());
    }

    /**
     * Reads a file.
     *
     * @param mostHeld bytes up to which a file's updates are held in memory
     */
    static Adapter read(Path path, long mostHeld) {
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            return new AdapterReader(file, file.dataLength() <= mostHeld).adapter();
        } catch (MalformedAdapterException e) {
            throw malformed(path, e);
        } catch (TessellateException e) {
            throw OF_THE_FILE.contains(e.code()) ? e : malformed(path, e);
        }
    }

    private static TessellateException malformed(Path path, Exception cause) {
        return new TessellateException(ErrorCode.MALFORMED_FILE, path + ": " + cause.getMessage(), cause);
    }

    private Adapter adapter() throws MalformedAdapterException {
        require(AdapterLayout.FORMAT.equals(metadata.get(AdapterLayout.FORMAT_KEY)), "this is no adapter file");
        String version = metadata.get(AdapterLayout.VERSION_KEY);
        boolean third = AdapterLayout.VERSION_3.equals(version);
        boolean second = AdapterLayout.VERSION_2.equals(version);
        require(
                third || second || AdapterLayout.VERSION.equals(version),
                "format version '%s' is not one this reader knows (1, 2, 3)",
                version);
        requireKeys(second || third, third);
        String checksum = AdapterLayout.checksum(metadata);
        require(
                checksum.equals(metadata.get(AdapterLayout.CHECKSUM_KEY)),
                "checksum of the metadata must be %s",
                checksum);
        AdapterMetadata lineage = lineage();
        List<TensorUpdate> updates = new ArrayList<>();
        for (MetadataFields fields : MetadataFields.list(AdapterLayout.UPDATES_KEY, list(AdapterLayout.UPDATES_KEY))) {
            updates.add(update(fields));
        }
        List<HeadTensor> head = new ArrayList<>();
        for (MetadataFields fields : MetadataFields.list(AdapterLayout.HEAD_KEY, list(AdapterLayout.HEAD_KEY))) {
            head.add(headTensor(fields));
        }
        List<Factors> factors = factors();
        require(unread.isEmpty(), "tensors %s are not in the metadata", unread);
        require(
                !second || !factors.isEmpty() || updates.stream().anyMatch(AdapterReader::isShared),
                "format version 2 must have an update with '%s' or '%s'",
                AdapterLayout.SHARED,
                AdapterLayout.FACTORS_KEY);
        return new Adapter(lineage, updates, head, factors);
    }

    private void requireKeys(boolean mayHaveFactors, boolean units) throws MalformedAdapterException {
        Set<String> keys = new HashSet<>(AdapterLayout.KEYS);
        if (units) {
            keys.add(AdapterLayout.UNITS_KEY);
        }
        if (mayHaveFactors && metadata.containsKey(AdapterLayout.FACTORS_KEY)) {
            keys.add(AdapterLayout.FACTORS_KEY);
        }
        require(metadata.keySet().equals(keys), "metadata must have the keys %s: %s", keys, metadata.keySet());
    }

    private List<Factors> factors() throws MalformedAdapterException {
        List<Factors> factors = new ArrayList<>();
        if (metadata.containsKey(AdapterLayout.FACTORS_KEY)) {
            for (MetadataFields fields :
                    MetadataFields.list(AdapterLayout.FACTORS_KEY, list(AdapterLayout.FACTORS_KEY))) {
                factors.add(factors(fields));
            }
            require(!factors.isEmpty(), "metadata '%s' must not be empty", AdapterLayout.FACTORS_KEY);
        }
        return factors;
    }

    private Factors factors(MetadataFields fields) throws MalformedAdapterException {
        fields.requireExactly("name", "rank", "scale", "A", "B");
        String tensor = fields.text("name");
        int rank = fields.number("rank", 1, Factors.MAX_RANK);
        float[] a = factor(AdapterLayout.factorA(tensor), fields.text("A"), 0, rank);
        float[] b = factor(AdapterLayout.factorB(tensor), fields.text("B"), 1, rank);
        return new Factors(tensor, rank, fields.real("scale"), a, b);
    }

    private float[] factor(String name, String checksum, int dimension, int rank) throws MalformedAdapterException {
        StoredTensor tensor = tensor(name, checksum);
        TensorInfo info = tensor.info();
        boolean fits = info.shape().rank() == 2 && info.shape().dimension(dimension) == rank;
        require(
                info.dtype() == DType.F32 && fits,
                "tensor '%s' must be F32 with %d in dimension %d: %s",
                name,
                rank,
                dimension,
                info.shape());
        return tensor.firstFloats();
    }

    private AdapterMetadata lineage() throws MalformedAdapterException {
        AdapterMetadata lineage = new AdapterMetadata(
                new Sha256(text(AdapterLayout.BASE_KEY)),
                new VersionDigest(new Sha256(text(AdapterLayout.PARENT_KEY))),
                TaskId.parse(text(AdapterLayout.TASK_KEY)),
                text(AdapterLayout.METHOD_KEY),
                new RunId(text(AdapterLayout.RUN_KEY)),
                text(AdapterLayout.RECIPE_KEY));
        return metadata.containsKey(AdapterLayout.UNITS_KEY)
                ? lineage.in(HeadUnits.of(json(AdapterLayout.UNITS_KEY)))
                : lineage;
    }

    private String text(String key) {
        return metadata.getOrDefault(key, "");
    }

    private JsonNode list(String key) throws MalformedAdapterException {
        String json = text(key);
        require(
                json.length() <= AdapterLayout.MAX_LIST,
                "metadata '%s' must have at most %d characters",
                key,
                AdapterLayout.MAX_LIST);
        return json(key);
    }

    private JsonNode json(String key) throws MalformedAdapterException {
        return MetadataJson.parse(text(key))
                .orElseThrow(() -> new MalformedAdapterException("metadata '%s' must be JSON".formatted(key)));
    }

    private TensorUpdate update(MetadataFields fields) throws MalformedAdapterException {
        String kind = fields.text("kind");
        return switch (kind) {
            case AdapterLayout.ALL -> whole(fields);
            case AdapterLayout.RICE -> listed(fields);
            case AdapterLayout.SEEDED -> seeded(fields);
            default -> throw new MalformedAdapterException("%s has the unknown kind '%s'".formatted(fields, kind));
        };
    }

    private TensorUpdate whole(MetadataFields fields) throws MalformedAdapterException {
        fields.requireExactly("name", "shape", "kind", "count", "values");
        Shape shape = fields.shape();
        require(count(fields, shape) == shape.elements(), "%s must count all of %s", fields, shape);
        EntryIndex all = new EntryIndex.All((int) shape.elements());
        return TensorUpdate.of(fields.text("name"), shape, all, values(fields, shape));
    }

    private TensorUpdate listed(MetadataFields fields) throws MalformedAdapterException {
        fields.requireExactly("name", "shape", "kind", "count", "values", "index", "parameter");
        Shape shape = fields.shape();
        Values values = values(fields, Shape.of(count(fields, shape)));
        int parameter = fields.number("parameter", 0, RiceCode.MAX_PARAMETER);
        StoredTensor code = tensor(AdapterLayout.indexOf(fields.text("name")), fields.text("index"));
        TensorInfo info = code.info();
        require(info.dtype() == DType.U8 && info.shape().rank() == 1, "tensor '%s' must be a list of U8", code.name());
        EntryIndex index = index(code, parameter, values.count(), shape.elements());
        return TensorUpdate.of(fields.text("name"), shape, index, values);
    }

    private EntryIndex index(StoredTensor code, int parameter, int count, long size) throws MalformedAdapterException {
        byte[] bytes = code.firstBytes();
        try {
            if (held) {
                return new EntryIndex.Listed(RiceCode.decode(bytes, parameter, count, size));
            }
            RiceCode.visit(bytes, parameter, count, size, index -> {});
            return EntryIndex.Listed.stored(code, parameter, count, size);
        } catch (MalformedAdapterException e) {
            throw new MalformedAdapterException("tensor '%s': %s".formatted(code.name(), e.getMessage()));
        }
    }

    private static boolean isShared(TensorUpdate update) {
        return update.index() instanceof EntryIndex.Seeded seeded
                && seeded.lift().shared();
    }

    private TensorUpdate seeded(MetadataFields fields) throws MalformedAdapterException {
        boolean shared = fields.flag(AdapterLayout.SHARED);
        require(
                !shared || !text(AdapterLayout.VERSION_KEY).equals(AdapterLayout.VERSION),
                "%s must not have '%s' in format version 1",
                fields,
                AdapterLayout.SHARED);
        fields.requireExactlyBut(
                AdapterLayout.SHARED, "name", "shape", "kind", "count", "values", "classes", "class", "seed", "draw");
        Shape shape = fields.shape();
        require(shape.rank() == 2, "%s must be a matrix: %s", fields, shape);
        Values values = values(fields, Shape.of(count(fields, shape)));
        EligibleTensor tensor = new EligibleTensor(fields.text("name"), shape.dimension(0), shape.dimension(1));
        int classes = fields.number("classes", 2, Integer.MAX_VALUE);
        // The values are in the file, so this bounds the memory the lift takes by the file's size.
        long wholeBlocks = (long) tensor.rows() * (tensor.columns() / classes);
        require(values.count() >= wholeBlocks, "%s cannot have only %d entries", fields, values.count());
        int draw = fields.number("draw", 0, LiftedTensor.MAX_DRAWS - 1);
        LiftedTensor lift = lifts.of(tensor, classes, fields.seed(), draw, shared);
        EntryIndex index = new EntryIndex.Seeded(lift, fields.number("class", 0, classes - 1));
        return TensorUpdate.of(tensor.name(), shape, index, values);
    }

    private static int count(MetadataFields fields, Shape shape) throws MalformedAdapterException {
        return fields.number("count", 1, (int) shape.elements());
    }

    private Values values(MetadataFields fields, Shape stored) throws MalformedAdapterException {
        StoredTensor tensor = tensor(AdapterLayout.valuesOf(fields.text("name")), fields.text("values"));
        TensorInfo info = tensor.info();
        require(
                info.dtype() == DType.F32 || info.dtype() == DType.BF16,
                "tensor '%s' must be F32 or BF16",
                tensor.name());
        require(info.shape().equals(stored), "tensor '%s' must have shape %s: %s", tensor.name(), stored, info.shape());
        if (held) {
            return new Values.Held(tensor.firstFloats());
        }
        tensor.look(TensorUpdate.what(fields.text("name")));
        return new Values.Stored(tensor);
    }

    private HeadTensor headTensor(MetadataFields fields) throws MalformedAdapterException {
        fields.requireExactly("name", "shape", "values");
        Shape shape = fields.shape();
        StoredTensor tensor = tensor(AdapterLayout.headTensor(fields.text("name")), fields.text("values"));
        TensorInfo info = tensor.info();
        require(info.dtype() == DType.F32, "tensor '%s' must be F32", tensor.name());
        require(info.shape().equals(shape), "tensor '%s' must have shape %s: %s", tensor.name(), shape, info.shape());
        return new HeadTensor(fields.text("name"), shape, tensor.firstFloats());
    }

    private StoredTensor tensor(String name, String checksum) throws MalformedAdapterException {
        require(unread.remove(name), "tensor '%s' is missing", name);
        return new StoredTensor(file.region(name), checksum);
    }
}
