package io.tessellate.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.lineage.Ownership;
import io.tessellate.lineage.RegistryEvent;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.ParameterSpace;
import java.util.List;
import org.junit.jupiter.api.Test;

public final class RegistrationTest extends BenchTest {
    @Test
    public void aBaseInTheBlobStoreBecomesAModel() {
        RegistryEvent.ModelRegistered base = bench.workshop.base(Ownership.EXCLUSIVE);

        bench.send(bench.register(base));

        assertThat(bench.answer()).isEqualTo(base);
        assertThat(bench.line().space()).isEqualTo(Workshop.SPACE);
    }

    @Test
    public void theSameBaseAgainIsAnsweredByTheModelThatIsThere() {
        RegistryEvent.ModelRegistered base = bench.register(Ownership.EXCLUSIVE);

        bench.send(bench.register(base));

        assertThat(bench.appended()).isEmpty();
    }

    @Test
    public void anotherBaseUnderTheSameNameIsRefused() {
        bench.register(Ownership.EXCLUSIVE);

        bench.send(bench.register(bench.workshop.base(Ownership.EXCLUSIVE)));

        assertCommandRefused(ErrorCode.MODEL_EXISTS, "model glue exists with base");
    }

    @Test
    public void theSameBaseWithAnotherOwnershipIsRefused() {
        RegistryEvent.ModelRegistered base = bench.register(Ownership.EXCLUSIVE);

        bench.send(bench.register(new RegistryEvent.ModelRegistered(
                base.baseDigest(), base.files(), base.space(), Ownership.SHARED, base.forgettingBudget())));

        assertCommandRefused(ErrorCode.MODEL_EXISTS, "SHARED ownership");
    }

    @Test
    public void aBaseThatIsNotInTheBlobStoreIsRefused() {
        RegistryEvent.ModelRegistered base = bench.workshop.base(Ownership.EXCLUSIVE);
        bench.blobs.remove(base.baseDigest());

        bench.send(bench.register(base));

        assertCommandRefused(
                ErrorCode.MALFORMED_FILE, "file model.safetensors of the base is not sound in the blob store");
    }

    @Test
    public void aBaseWhoseWeightsAreNotAmongItsFilesIsRefused() {
        RegistryEvent.ModelRegistered base = bench.workshop.base(Ownership.EXCLUSIVE);

        bench.send(bench.register(new RegistryEvent.ModelRegistered(
                Workshop.DATA, base.files(), base.space(), base.ownership(), base.forgettingBudget())));

        assertCommandRefused(ErrorCode.INVALID_ARGUMENT, "no file of the base has its digest");
    }

    @Test
    public void eligibleTensorsTheBaseDoesNotHaveAreRefused() {
        RegistryEvent.ModelRegistered base = bench.workshop.base(Ownership.EXCLUSIVE);
        for (EligibleTensor wrong : List.of(new EligibleTensor("key", 12, 12), new EligibleTensor("query", 12, 13))) {
            bench.send(bench.register(new RegistryEvent.ModelRegistered(
                    base.baseDigest(), base.files(), new ParameterSpace(List.of(wrong)), base.ownership(), 0.05)));

            assertCommandRefused(ErrorCode.TENSOR_MISMATCH, wrong.name());
        }
    }

    @Test
    public void aModelWithoutEligibleTensorsIsRefused() {
        RegistryEvent.ModelRegistered base = bench.workshop.base(Ownership.EXCLUSIVE);

        bench.send(bench.register(new RegistryEvent.ModelRegistered(
                base.baseDigest(), base.files(), new ParameterSpace(List.of()), base.ownership(), 0.05)));

        assertCommandRefused(ErrorCode.INVALID_ARGUMENT, "must have eligible tensors");
    }

    @Test
    public void aForgettingBudgetOutOfItsRangeIsRefused() {
        RegistryEvent.ModelRegistered base = bench.workshop.base(Ownership.EXCLUSIVE);

        bench.send(bench.register(new RegistryEvent.ModelRegistered(
                base.baseDigest(), base.files(), base.space(), base.ownership(), Double.NaN)));

        assertCommandRefused(ErrorCode.INVALID_ARGUMENT, "forgetting budget must lie in 0 to 1: NaN");
    }

    @Test
    public void aBlobStoreThatIsAwayStopsTheTopologyInsteadOfRefusing() {
        RegistryEvent.ModelRegistered base = bench.workshop.base(Ownership.EXCLUSIVE);
        bench.blobs.failNext(1);

        assertThatThrownBy(() -> bench.send(bench.register(base)))
                .hasRootCauseInstanceOf(TessellateException.class)
                .hasRootCauseMessage("the blob store is away");
        assertThat(bench.appended()).isEmpty();
    }
}
