package io.tessellate.registry.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.lineage.log.StoredFile;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.grant.Ownership;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RegistrationTest extends BenchFixture {
    @Test
    void aBaseInTheBlobStoreBecomesAModel() {
        RegistryEvent.ModelRegistered base = bench.workshop.base(Ownership.EXCLUSIVE);

        bench.send(bench.register(base));

        assertThat(bench.answer()).isEqualTo(base);
        assertThat(bench.line().space()).isEqualTo(Workshop.SPACE);
    }

    @Test
    void theSameBaseAgainIsAnsweredByTheModelThatIsThere() {
        RegistryEvent.ModelRegistered base = bench.register(Ownership.EXCLUSIVE);

        bench.send(bench.register(base));

        assertThat(bench.appended()).isEmpty();
    }

    @Test
    void anotherBaseUnderTheSameNameIsRefused() {
        bench.register(Ownership.EXCLUSIVE);

        bench.send(bench.register(bench.workshop.base(Ownership.EXCLUSIVE)));

        assertCommandRefused(ErrorCode.MODEL_EXISTS, "model.safetensors differs (SHA-256 ");
    }

    @Test
    void theSameBaseWithAnotherOwnershipIsRefused() {
        RegistryEvent.ModelRegistered base = bench.register(Ownership.EXCLUSIVE);

        bench.send(bench.register(new RegistryEvent.ModelRegistered(
                base.baseDigest(), base.files(), base.space(), Ownership.SHARED, base.forgettingBudget())));

        assertCommandRefused(ErrorCode.MODEL_EXISTS, "its ownership is EXCLUSIVE, not SHARED");
    }

    @Test
    void theSameWeightsWithAnotherConfigOrTokenizerAreRefusedNamingTheFile() {
        RegistryEvent.ModelRegistered base = bench.register(Ownership.EXCLUSIVE);
        StoredFile config = stored("config.json", "{\"rope_theta\":500000}");
        StoredFile tokenizer = stored("tokenizer.json", "{}");
        StoredFile weights = base.files().get(0);
        StoredFile known = base.files().get(1);

        bench.send(bench.register(with(base, List.of(weights, config), 0.05)));
        assertCommandRefused(
                ErrorCode.MODEL_EXISTS, "model glue exists with other files or settings: config.json differs");
        bench.send(bench.register(with(base, List.of(weights, known, tokenizer), 0.05)));
        assertCommandRefused(ErrorCode.MODEL_EXISTS, "tokenizer.json is new");
        bench.send(bench.register(with(base, List.of(weights), 0.05)));
        assertCommandRefused(ErrorCode.MODEL_EXISTS, "config.json is missing");
        bench.send(bench.register(with(base, base.files(), 0.2)));
        assertCommandRefused(ErrorCode.MODEL_EXISTS, "its forgetting budget is 0.05, not 0.2");
        bench.send(bench.register(with(base, List.of(known, weights), 0.05)));
        assertThat(bench.appended()).isEmpty();
    }

    private StoredFile stored(String name, String content) {
        var blob = bench.blobs.put(name, content.getBytes(StandardCharsets.UTF_8));
        return new StoredFile(name, blob.sha256(), blob.bytes());
    }

    private static RegistryEvent.ModelRegistered with(
            RegistryEvent.ModelRegistered base, List<StoredFile> files, double budget) {
        return new RegistryEvent.ModelRegistered(base.baseDigest(), files, base.space(), base.ownership(), budget);
    }

    @Test
    void aBaseThatIsNotInTheBlobStoreIsRefused() {
        RegistryEvent.ModelRegistered base = bench.workshop.base(Ownership.EXCLUSIVE);
        bench.blobs.remove(base.baseDigest());

        bench.send(bench.register(base));

        assertCommandRefused(
                ErrorCode.MALFORMED_FILE, "file model.safetensors of the base is not sound in the blob store");
    }

    @Test
    void aBaseWhoseWeightsAreNotAmongItsFilesIsRefused() {
        RegistryEvent.ModelRegistered base = bench.workshop.base(Ownership.EXCLUSIVE);

        bench.send(bench.register(new RegistryEvent.ModelRegistered(
                Workshop.DATA, base.files(), base.space(), base.ownership(), base.forgettingBudget())));

        assertCommandRefused(ErrorCode.INVALID_ARGUMENT, "no file of the base has its digest");
    }

    @Test
    void eligibleTensorsTheBaseDoesNotHaveAreRefused() {
        RegistryEvent.ModelRegistered base = bench.workshop.base(Ownership.EXCLUSIVE);
        for (EligibleTensor wrong : List.of(new EligibleTensor("key", 12, 12), new EligibleTensor("query", 12, 13))) {
            bench.send(bench.register(new RegistryEvent.ModelRegistered(
                    base.baseDigest(), base.files(), new ParameterSpace(List.of(wrong)), base.ownership(), 0.05)));

            assertCommandRefused(ErrorCode.TENSOR_MISMATCH, wrong.name());
        }
    }

    @Test
    void aModelWithoutEligibleTensorsIsRefused() {
        RegistryEvent.ModelRegistered base = bench.workshop.base(Ownership.EXCLUSIVE);

        bench.send(bench.register(new RegistryEvent.ModelRegistered(
                base.baseDigest(), base.files(), new ParameterSpace(List.of()), base.ownership(), 0.05)));

        assertCommandRefused(ErrorCode.INVALID_ARGUMENT, "must have eligible tensors");
    }

    @Test
    void aForgettingBudgetOutOfItsRangeIsRefused() {
        RegistryEvent.ModelRegistered base = bench.workshop.base(Ownership.EXCLUSIVE);

        bench.send(bench.register(new RegistryEvent.ModelRegistered(
                base.baseDigest(), base.files(), base.space(), base.ownership(), Double.NaN)));

        assertCommandRefused(ErrorCode.INVALID_ARGUMENT, "forgetting budget must lie in 0 to 1: NaN");
    }

    @Test
    void aBlobStoreThatIsAwayStopsTheTopologyInsteadOfRefusing() {
        RegistryEvent.ModelRegistered base = bench.workshop.base(Ownership.EXCLUSIVE);
        bench.blobs.failNext(1);

        assertThatThrownBy(() -> bench.send(bench.register(base)))
                .hasRootCauseInstanceOf(TessellateException.class)
                .hasRootCauseMessage("the blob store is away");
        assertThat(bench.appended()).isEmpty();
    }
}
