package io.tessellate.engine.backend;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

/**
 * What every backend must compute, held against slow references. A new backend is held to it by one subclass, which says how
 * it is opened.
 */
@Tag("numeric")
@Tag("kernel")
public abstract class BackendContract
        implements MemoryContract,
                ProductContract,
                RoundedProductContract,
                OwnedEntriesContract,
                RowContract,
                ActivationContract,
                NormContract,
                AttentionContract,
                PassContract {
    private KernelMemory kernels;

    /** The backend, opened anew. */
    protected abstract Backend open();

    @BeforeEach
    final void allocate() {
        kernels = KernelMemory.forContract(open());
    }

    /** Nothing may be left behind, whatever was computed. */
    @AfterEach
    final void free() {
        kernels.close();
        assertThat(kernels.backend().memory().allocatedBytes()).isZero();
    }

    @Override
    public final KernelMemory kernels() {
        return kernels;
    }
}
