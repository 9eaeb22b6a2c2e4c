package io.tessellate.engine.model.weights;

import io.tessellate.mask.Mask;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Some parameters of a layout in blocks: one for each segment that has any of them, with their indices in its vector. */
public final class WeightPlaces {
    private final ParameterLayout layout;
    private final List<Block> blocks;
    private final int[] blockOf;

    /**
     * Places in one segment.
     *
     * @param segment its ordinal
     * @param indices in the segment's vector, ascending; must not change
     */
    public record Block(int segment, int[] indices) {}

    private WeightPlaces(ParameterLayout layout, List<Block> blocks) {
        this.layout = layout;
        this.blocks = List.copyOf(blocks);
        this.blockOf = new int[layout.segments().size()];
        Arrays.fill(blockOf, -1);
        for (int b = 0; b < blocks.size(); b++) {
            blockOf[blocks.get(b).segment()] = b;
        }
    }

    /** Those of the weights in a mask over the layout's eligible ones. */
    static WeightPlaces of(ParameterLayout layout, Mask mask) {
        List<Block> blocks = new ArrayList<>();
        for (int t = 0; t < mask.space().tensorCount(); ) {
            int segment = segment(layout, mask, t);
            int to = t;
            int count = 0;
            while (to < mask.space().tensorCount() && segment(layout, mask, to) == segment) {
                count = Math.addExact(count, mask.cardinality(to++));
            }
            if (count > 0) {
                blocks.add(new Block(segment, indices(layout, mask, t, to, count)));
            }
            t = to;
        }
        return new WeightPlaces(layout, blocks);
    }

    private static int segment(ParameterLayout layout, Mask mask, int tensor) {
        return layout.segmentOf(
                layout.tensor(mask.space().tensor(tensor).name()).offset());
    }

    private static int[] indices(ParameterLayout layout, Mask mask, int from, int to, int count) {
        int[] indices = new int[count];
        int[] next = {0};
        for (int t = from; t < to; t++) {
            long offset = layout.tensor(mask.space().tensor(t).name()).offset();
            int first = layout.segments().get(layout.segmentOf(offset)).index(offset);
            mask.forEach(t, index -> indices[next[0]++] = first + index);
        }
        return indices;
    }

    /** The layout they are places of. */
    public ParameterLayout layout() {
        return layout;
    }

    /** Their blocks, in the order of the segments. */
    public List<Block> blocks() {
        return blocks;
    }

    /** How many places each block has. */
    public int[] counts() {
        return blocks.stream().mapToInt(block -> block.indices().length).toArray();
    }

    /** How many places there are. */
    public long size() {
        return blocks.stream().mapToLong(block -> block.indices().length).sum();
    }

    /** Place in the row of all parameters of the n-th of a block. */
    public long place(int block, int n) {
        Block of = blocks.get(block);
        return layout.segments().get(of.segment()).offset() + of.indices()[n];
    }

    /** The indices in a segment's vector; none if no place lies in it. */
    public int[] indices(int segment) {
        return blockOf[segment] < 0 ? new int[0] : blocks.get(blockOf[segment]).indices();
    }

    /** Whether a place of the row is one of them. */
    public boolean contains(long place) {
        int segment = layout.segmentOf(place);
        return Arrays.binarySearch(
                        indices(segment), layout.segments().get(segment).index(place))
                >= 0;
    }

    /** In which block and how far in it the first place of a tensor is; nothing if it has none. */
    private int firstOf(ParameterTensor tensor) {
        int segment = layout.segmentOf(tensor.offset());
        int[] indices = indices(segment);
        int found = Arrays.binarySearch(indices, layout.segments().get(segment).index(tensor.offset()));
        return found < 0 ? -found - 1 : found;
    }

    /** For each block, which of its places are the first of their tensors, ascending. */
    public List<int[]> tensorStarts() {
        return blocks.stream()
                .map(block -> layout.tensors(layout.segments().get(block.segment())).stream()
                        .mapToInt(this::firstOf)
                        .filter(n -> n < block.indices().length)
                        .distinct()
                        .toArray())
                .toList();
    }

    @Override
    public String toString() {
        return "%d places of %s".formatted(size(), layout);
    }
}
