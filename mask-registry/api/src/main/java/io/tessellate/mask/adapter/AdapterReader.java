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
import io.tessellate.safetensors.DType;
import io.tessellate.safetensors.SafetensorsFile;
import io.tessellate.safetensors.Shape;
import io.tessellate.safetensors.TensorInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks a file against every rule of docs/format/adapter.md and builds the adapter. */
final class AdapterReader {
    private final SafetensorsFile file;
    private final Map<String, String> metadata;
    private final Set<String> unread;

    private AdapterReader(SafetensorsFile file) {
        this.file = file;
        this.metadata = file.metadata();
        this.unread = new HashSet<>(file.tensorNames());
    }

    static Adapter read(Path path) {
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            return new AdapterReader(file).adapter();
        } catch (MalformedAdapterException e) {
            throw malformed(path, e);
        } catch (TessellateException e) {
            boolean ofTheFile = e.code() == ErrorCode.STORAGE || e.code() == ErrorCode.MALFORMED_FILE;
            throw ofTheFile ? e : malformed(path, e);
        }
    }

    private static TessellateException malformed(Path path, Exception cause) {
        return new TessellateException(ErrorCode.MALFORMED_FILE, path + ": " + cause.getMessage(), cause);
    }

    private Adapter adapter() throws MalformedAdapterException {
        require(AdapterLayout.FORMAT.equals(metadata.get(AdapterLayout.FORMAT_KEY)), "this is no adapter file");
        String version = metadata.get(AdapterLayout.VERSION_KEY);
        boolean second = AdapterLayout.VERSION_2.equals(version);
        require(
                second || AdapterLayout.VERSION.equals(version),
                "format version '%s' is not one this reader knows (1, 2)",
                version);
        requireKeys(second);
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

    private void requireKeys(boolean second) throws MalformedAdapterException {
        Set<String> keys = new HashSet<>(AdapterLayout.KEYS);
        if (second && metadata.containsKey(AdapterLayout.FACTORS_KEY)) {
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
        TensorInfo info = tensor(name, checksum);
        boolean fits = info.shape().rank() == 2 && info.shape().dimension(dimension) == rank;
        require(
                info.dtype() == DType.F32 && fits,
                "tensor '%s' must be F32 with %d in dimension %d: %s",
                name,
                rank,
                dimension,
                info.shape());
        return file.read(name);
    }

    private AdapterMetadata lineage() {
        return new AdapterMetadata(
                new Sha256(text(AdapterLayout.BASE_KEY)),
                new VersionDigest(new Sha256(text(AdapterLayout.PARENT_KEY))),
                TaskId.parse(text(AdapterLayout.TASK_KEY)),
                text(AdapterLayout.METHOD_KEY),
                new RunId(text(AdapterLayout.RUN_KEY)),
                text(AdapterLayout.RECIPE_KEY));
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
        return MetadataJson.parse(json)
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
        return TensorUpdate.all(fields.text("name"), shape, values(fields, shape));
    }

    private TensorUpdate listed(MetadataFields fields) throws MalformedAdapterException {
        fields.requireExactly("name", "shape", "kind", "count", "values", "index", "parameter");
        Shape shape = fields.shape();
        float[] values = values(fields, Shape.of(count(fields, shape)));
        int parameter = fields.number("parameter", 0, RiceCode.MAX_PARAMETER);
        String name = AdapterLayout.indexOf(fields.text("name"));
        TensorInfo info = tensor(name, fields.text("index"));
        require(info.dtype() == DType.U8 && info.shape().rank() == 1, "tensor '%s' must be a list of U8", name);
        int[] indices = decode(name, parameter, values.length, shape.elements());
        return TensorUpdate.listed(fields.text("name"), shape, indices, values);
    }

    private int[] decode(String name, int parameter, int count, long size) throws MalformedAdapterException {
        try {
            return RiceCode.decode(file.bytes(name), parameter, count, size);
        } catch (MalformedAdapterException e) {
            throw new MalformedAdapterException("tensor '%s': %s".formatted(name, e.getMessage()));
        }
    }

    private static boolean isShared(TensorUpdate update) {
        return update.index() instanceof EntryIndex.Seeded seeded
                && seeded.lift().shared();
    }

    private TensorUpdate seeded(MetadataFields fields) throws MalformedAdapterException {
        boolean shared = fields.flag(AdapterLayout.SHARED);
        require(
                !shared || text(AdapterLayout.VERSION_KEY).equals(AdapterLayout.VERSION_2),
                "%s must not have '%s' in format version 1",
                fields,
                AdapterLayout.SHARED);
        fields.requireExactlyBut(
                AdapterLayout.SHARED, "name", "shape", "kind", "count", "values", "classes", "class", "seed", "draw");
        Shape shape = fields.shape();
        require(shape.rank() == 2, "%s must be a matrix: %s", fields, shape);
        float[] values = values(fields, Shape.of(count(fields, shape)));
        EligibleTensor tensor = new EligibleTensor(fields.text("name"), shape.dimension(0), shape.dimension(1));
        int classes = fields.number("classes", 2, Integer.MAX_VALUE);
        // The values are in the file, so this bounds the memory the lift takes by the file's size.
        long wholeBlocks = (long) tensor.rows() * (tensor.columns() / classes);
        require(values.length >= wholeBlocks, "%s cannot have only %d entries", fields, values.length);
        int draw = fields.number("draw", 0, LiftedTensor.MAX_DRAWS - 1);
        LiftedTensor lift = LiftedTensor.of(tensor, classes, fields.seed(), draw, shared);
        return TensorUpdate.seeded(lift, fields.number("class", 0, classes - 1), values);
    }

    private static int count(MetadataFields fields, Shape shape) throws MalformedAdapterException {
        return fields.number("count", 1, (int) shape.elements());
    }

    private float[] values(MetadataFields fields, Shape stored) throws MalformedAdapterException {
        String name = AdapterLayout.valuesOf(fields.text("name"));
        TensorInfo info = tensor(name, fields.text("values"));
        require(info.dtype() == DType.F32 || info.dtype() == DType.BF16, "tensor '%s' must be F32 or BF16", name);
        require(info.shape().equals(stored), "tensor '%s' must have shape %s: %s", name, stored, info.shape());
        return file.read(name);
    }

    private HeadTensor headTensor(MetadataFields fields) throws MalformedAdapterException {
        fields.requireExactly("name", "shape", "values");
        Shape shape = fields.shape();
        String name = AdapterLayout.headTensor(fields.text("name"));
        TensorInfo info = tensor(name, fields.text("values"));
        require(info.dtype() == DType.F32, "tensor '%s' must be F32", name);
        require(info.shape().equals(shape), "tensor '%s' must have shape %s: %s", name, shape, info.shape());
        return new HeadTensor(fields.text("name"), shape, file.read(name));
    }

    private TensorInfo tensor(String name, String checksum) throws MalformedAdapterException {
        require(unread.remove(name), "tensor '%s' is missing", name);
        String found = AdapterLayout.checksum(file.raw(name));
        require(found.equals(checksum), "checksum of tensor '%s' must be %s: %s", name, checksum, found);
        return file.info(name);
    }
}
