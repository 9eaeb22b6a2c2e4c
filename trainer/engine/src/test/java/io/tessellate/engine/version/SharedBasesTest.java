package io.tessellate.engine.version;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.fixture.TinyBase;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.id.Sha256;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedBasesTest {
    private static final String QUERY = "bert.encoder.layer.0.attention.self.query.weight";
    private static final String WORDS = "bert.embeddings.word_embeddings.weight";

    @TempDir
    private Path directory;

    private final SharedBases bases = new SharedBases();
    private final Backend lane = Backends.open(Backends.HOST);
    private final Backend scoring = Backends.open(Backends.HOST);
    private BaseModel model;
    private Sha256 digest;
    private Sha256 values;
    private long whole;

    @BeforeEach
    void write() throws Exception {
        model = BaseModel.load(TinyBase.write(directory));
        digest = model.digest();
        whole = model.weightBytes().vectors();
        try (Weights weights = model.weights(lane)) {
            values = weights.digest();
        }
    }

    @AfterEach
    void nothingStays() {
        assertThat(allocated()).isZero();
    }

    private long allocated() {
        return lane.memory().allocatedBytes() + scoring.memory().allocatedBytes();
    }

    @Test
    void allWhoUseABaseHaveItInMemoryOnce() {
        try (Weights first = bases.take(digest, model, lane);
                Weights second = bases.take(digest, model, scoring);
                Weights other = new SharedBases().take(digest, model, scoring)) {
            assertThat(lane.memory().allocatedBytes()).isEqualTo(whole);
            assertThat(scoring.memory().allocatedBytes())
                    .as("only what another store read")
                    .isEqualTo(whole);
            assertThat(List.of(first.digest(), second.digest(), other.digest())).containsOnly(values);
        }
    }

    @Test
    void whoWritesTakesASegmentOfItsOwnAndTheOthersKeepTheBase() {
        try (Weights first = bases.take(digest, model, lane);
                Weights second = bases.take(digest, model, scoring)) {
            second.assign(QUERY, new int[] {3}, new float[] {7});
            assertThat(first.digest()).isEqualTo(values);
            assertThat(second.get(QUERY, new int[] {3})).containsExactly(7);
            assertThat(scoring.memory().allocatedBytes()).isBetween(1L, whole / 2);
            assertThat(first.matrix(WORDS).memory())
                    .isSameAs(second.matrix(WORDS).memory());
        }
    }

    @Test
    void whatItsOnlyUserHasWrittenToIsNotTakenForTheBase() {
        try (Weights moved = bases.take(digest, model, lane)) {
            moved.assign(QUERY, new int[] {3}, new float[] {7});
            assertThat(allocated()).as("nobody else has it").isEqualTo(whole);
            try (Weights later = bases.take(digest, model, scoring)) {
                assertThat(later.digest()).isEqualTo(values);
                assertThat(moved.get(QUERY, new int[] {3})).containsExactly(7);
                assertThat(later.matrix(WORDS).memory())
                        .as("what was not written to is shared")
                        .isSameAs(moved.matrix(WORDS).memory());
            }
        }
    }

    @Test
    void aBaseIsReadAgainAfterTheLastWhoHadIt() throws Exception {
        bases.take(digest, model, lane).close();
        assertThat(allocated()).isZero();
        try (Weights again = bases.take(digest, model, scoring)) {
            assertThat(again.digest()).isEqualTo(values);
        }
    }

    @Test
    void anotherBaseAndAnotherKindOfBackendShareNothing() throws Exception {
        Path file = directory.resolve("model.safetensors");
        Backend nd4j = Backends.open(Backends.ND4J);
        try (Weights first = bases.take(digest, model, lane)) {
            byte[] changed = Files.readAllBytes(file);
            changed[changed.length - 1] ^= 1;
            Files.write(file, changed);
            try (Weights other = bases.take(model.digest(), model, scoring);
                    Weights elsewhere = bases.take(digest, model, nd4j)) {
                assertThat(other.digest()).isNotEqualTo(values);
                assertThat(first.digest()).isEqualTo(values);
                assertThat(elsewhere.matrix(WORDS).memory())
                        .isNotSameAs(first.matrix(WORDS).memory());
            }
        }
        assertThat(nd4j.memory().allocatedBytes()).isZero();
    }

    @Test
    void manyThreadsThatTakeAndWriteAndReturnSeeTheBaseEachTime() throws Exception {
        int threads = 4;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Sha256>> all = new ArrayList<>();
            for (int n = 0; n < 40 * threads; n++) {
                int round = n;
                all.add(pool.submit(() -> {
                    try (Weights weights = bases.take(digest, model, round % 2 == 0 ? lane : scoring)) {
                        Sha256 taken = weights.digest();
                        weights.put(QUERY, filled(weights.get(QUERY).length, round));
                        assertThat(weights.get(QUERY)).containsOnly(round);
                        return taken;
                    }
                }));
            }
            for (Future<Sha256> one : all) {
                assertThat(one.get()).isEqualTo(values);
            }
        } finally {
            pool.shutdown();
        }
    }

    private static float[] filled(int length, float value) {
        float[] all = new float[length];
        Arrays.fill(all, value);
        return all;
    }
}
