package io.tessellate.engine.backend.torch;

import io.tessellate.engine.backend.rounded.RoundedStore;

/** Values of a vector as bf16 numbers in tensors of its device. */
record TorchRounded(TorchVector vector, Workspaces workspaces) implements RoundedStore<Tensor> {
    @Override
    public Tensor allocate(int size) {
        return Libtorch.empty(workspaces.device(), Libtorch.BFLOAT16, size);
    }

    @Override
    public void round(Tensor rounded, int offset, int from, int to) {
        long[] sizes = {to - from};
        long[] strides = {1};
        try (Tensor target = Libtorch.view(rounded, from, sizes, strides);
                Tensor source = Libtorch.view(vector.tensor(), offset + from, sizes, strides)) {
            Libtorch.copy(target, source);
        }
    }

    @Override
    public void roundEach(Tensor rounded, int offset, int[] indices, int from, int to) {
        int count = to - from;
        long[] places = new long[count];
        long[] shifted = new long[count];
        for (int i = 0; i < count; i++) {
            places[i] = indices[from + i];
            shifted[i] = places[i] - offset;
        }
        try (KernelWorkspace work = workspaces.open()) {
            Tensor exact = work.floats(count);
            Operators.select(vector.tensor(), work.upload(places, count), exact);
            Tensor nearest = work.rounded(exact, count);
            Operators.assign(rounded, work.upload(shifted, count), nearest);
        }
    }

    @Override
    public void free(Tensor rounded) {
        rounded.close();
    }
}
