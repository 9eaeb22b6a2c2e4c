package io.tessellate.evaluator.view;

import io.tessellate.error.TessellateException;
import io.tessellate.id.ModelName;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.ModelLine;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.Mask;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.runtime.blob.BlobStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who owns how much of each tensor, read from the adapters themselves. Each adapter is read once; only counts and one
 * mask per model are kept.
 */
public final class OwnershipBook {
    private static final Logger LOG = LoggerFactory.getLogger(OwnershipBook.class);

    /**
     * One tensor's owners.
     *
     * @param name its name in the weight file
     * @param size its entries
     * @param owned per version, from version 1, the entries that its task was the first to own
     * @param free entries nobody owns
     */
    public record TensorShare(String name, int size, List<Integer> owned, int free) {
        /** Copies the list. */
        public TensorShare {
            owned = List.copyOf(owned);
        }
    }

    /**
     * A model's tensors at one version.
     *
     * @param version newest version counted in
     * @param tensors in the model's canonical order
     */
    public record Tessellation(int version, List<TensorShare> tensors) {
        /** Copies the list. */
        public Tessellation {
            tensors = List.copyOf(tensors);
        }
    }

    private final BlobStore blobs;
    private final Map<ModelName, Claims> claims = new HashMap<>();
    private final Map<ModelName, Tessellation> tessellations = new ConcurrentHashMap<>();
    private final AtomicLong revision = new AtomicLong();

    /** A book of adapters that lie in a blob store. */
    public OwnershipBook(BlobStore blobs) {
        this.blobs = blobs;
    }

    /** Reads the adapters of versions not seen yet; slow, for a thread of the caller's. Readers do not wait for it. */
    public synchronized void update(ModelLine model) {
        Claims known = claims.computeIfAbsent(model.name(), name -> new Claims(model.space()));
        try {
            for (CommittedVersion version : model.versions().subList(known.versions(), model.currentVersion())) {
                known.add(AdapterFile.open(blobs.fetch(version.adapter().sha256())));
                tessellations.put(model.name(), known.tessellation());
                revision.incrementAndGet();
            }
        } catch (TessellateException e) {
            LOG.warn("Ownership of {} is shown up to version {}: {}", model.name(), known.versions(), e.getMessage());
        }
    }

    /** The shares of a model's tensors as far as they were read. */
    public Optional<Tessellation> tessellation(ModelName model) {
        return Optional.ofNullable(tessellations.get(model));
    }

    /** A number that grows with every adapter read. */
    public long revision() {
        return revision.get();
    }

    private static final class Claims {
        private final ParameterSpace space;
        private final List<int[]> counts = new ArrayList<>();
        private Mask claimed;

        Claims(ParameterSpace space) {
            this.space = space;
            this.claimed = Mask.none(space);
        }

        int versions() {
            return counts.size();
        }

        void add(Adapter adapter) {
            Mask mask = adapter.mask(space);
            Mask fresh = mask.minus(claimed);
            counts.add(IntStream.range(0, space.tensorCount())
                    .map(fresh::cardinality)
                    .toArray());
            claimed = claimed.union(mask);
        }

        Tessellation tessellation() {
            List<TensorShare> shares = new ArrayList<>();
            for (int ordinal = 0; ordinal < space.tensorCount(); ordinal++) {
                EligibleTensor tensor = space.tensor(ordinal);
                int position = ordinal;
                List<Integer> owned =
                        counts.stream().map(count -> count[position]).toList();
                shares.add(new TensorShare(
                        tensor.name(), tensor.size(), owned, tensor.size() - claimed.cardinality(ordinal)));
            }
            return new Tessellation(counts.size(), shares);
        }
    }
}
