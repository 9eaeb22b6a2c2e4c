package io.tessellate.evaluator.view;

import io.tessellate.error.TessellateException;
import io.tessellate.id.ModelName;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.Holding;
import io.tessellate.lineage.ModelLine;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.Mask;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.RecentMasks;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.runtime.blob.BlobStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * Who owns how much of each tensor, read from the adapters themselves. Each adapter is read once; counts are
 * kept, and the masks of the models that changed last.
 */
public final class OwnershipBook {

    /**
     * One tensor's owners.
     *
     * @param name its name in the weight file
     * @param size its entries
     * @param owned per version, from version 1, the entries that its task was the first to own; 0 where it is held no more
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
    private final RecentMasks<ModelName, Claimed> claims;
    private final Map<ModelName, Shares> shares = new ConcurrentHashMap<>();
    private final AtomicLong revision = new AtomicLong();

    /** A book of adapters that lie in a blob store; the masks it keeps take a share of the heap. */
    public OwnershipBook(BlobStore blobs) {
        this(blobs, RecentMasks.ofHeap(Claimed::mask));
    }

    /** The same that keeps so many bytes of masks. */
    OwnershipBook(BlobStore blobs, long mostBytes) {
        this(blobs, new RecentMasks<>(mostBytes, Claimed::mask));
    }

    private OwnershipBook(BlobStore blobs, RecentMasks<ModelName, Claimed> claims) {
        this.blobs = blobs;
        this.claims = claims;
    }

    /**
     * Reads the adapters of versions not seen yet; slow, for a thread of the caller's. Readers do not wait for it.
     *
     * @throws TessellateException if one cannot be read: what lies before it is shown, and the next call tries again
     */
    public synchronized void update(ModelLine model) {
        Holding holding = model.holding();
        Shares shown = shares.getOrDefault(model.name(), new Shares(model.space(), 0, Holding.NONE, List.of()));
        if (shown.versions() == model.currentVersion() && shown.holding().equals(holding)) {
            return;
        }
        if (!shown.holding().begins(holding)) {
            shown = new Shares(model.space(), 0, Holding.NONE, List.of());
        }
        Mask claimed = claimed(model, shown.holding());
        for (CommittedVersion commit : holding.commits().subList(shown.holding().size(), holding.size())) {
            Mask mask = mask(model, commit);
            shown = shown.with(commit, mask.minus(claimed));
            claimed = claimed.union(mask);
            claims.put(model.name(), new Claimed(shown.holding(), claimed));
            shares.put(model.name(), shown);
            revision.incrementAndGet();
        }
        if (shown.versions() != model.currentVersion() || holding.size() == 0) {
            shares.put(model.name(), shown.upTo(model.currentVersion()));
            revision.incrementAndGet();
        }
    }

    /** What the tasks of a holding own; read again where the mask had to make room for those of other models. */
    private Mask claimed(ModelLine model, Holding holding) {
        Optional<Claimed> known = claims.get(model.name()).filter(last -> last.holding.equals(holding));
        if (known.isPresent()) {
            return known.get().mask;
        }
        Mask claimed = Mask.none(model.space());
        for (CommittedVersion earlier : holding.commits()) {
            claimed = claimed.union(mask(model, earlier));
        }
        return claimed;
    }

    private Mask mask(ModelLine model, CommittedVersion version) {
        return AdapterFile.open(blobs.fetch(version.adapter().sha256())).mask(model.space());
    }

    /** The shares of a model's tensors as far as they were read. */
    public Optional<Tessellation> tessellation(ModelName model) {
        return Optional.ofNullable(shares.get(model)).map(Shares::tessellation);
    }

    /** A number that grows with every adapter read. */
    public long revision() {
        return revision.get();
    }

    /** What the tasks of a holding own. */
    private record Claimed(Holding holding, Mask mask) {}

    /**
     * How many entries of each tensor each version was the first to own.
     *
     * @param versions how many versions the model has
     * @param holding what is counted in
     * @param counts [place in the holding][tensor]
     */
    private record Shares(ParameterSpace space, int versions, Holding holding, List<int[]> counts) {
        Shares with(CommittedVersion commit, Mask fresh) {
            List<int[]> more = new ArrayList<>(counts);
            more.add(IntStream.range(0, space.tensorCount())
                    .map(fresh::cardinality)
                    .toArray());
            List<CommittedVersion> held = new ArrayList<>(holding.commits());
            held.add(commit);
            return new Shares(space, Math.max(versions, commit.number()), new Holding(held), more);
        }

        Shares upTo(int newest) {
            return new Shares(space, newest, holding, counts);
        }

        Tessellation tessellation() {
            List<Integer> numbers = holding.numbers();
            List<TensorShare> tensors = new ArrayList<>();
            for (int ordinal = 0; ordinal < space.tensorCount(); ordinal++) {
                EligibleTensor tensor = space.tensor(ordinal);
                int position = ordinal;
                List<Integer> owned = IntStream.rangeClosed(1, versions)
                        .mapToObj(version -> numbers.contains(version)
                                ? counts.get(numbers.indexOf(version))[position]
                                : Integer.valueOf(0))
                        .toList();
                int taken = owned.stream().mapToInt(Integer::intValue).sum();
                tensors.add(new TensorShare(tensor.name(), tensor.size(), owned, tensor.size() - taken));
            }
            return new Tessellation(versions, tensors);
        }
    }
}
