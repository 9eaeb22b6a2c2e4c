package io.tessellate.pipeline.unused;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.event.BlobReference;
import io.tessellate.event.EvaluationCompleted;
import io.tessellate.event.View;
import io.tessellate.id.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AddressScanTest {
    private static final Sha256 ADDRESS = Sha256.of(new byte[] {1});
    private static final Sha256 OTHER = Sha256.of(new byte[] {2});

    @Test
    void whatAnEventNamesIsFoundInItsBytes() throws IOException {
        EvaluationCompleted event = EvaluationCompleted.newBuilder()
                .setModel("glue")
                .setVersion(1)
                .setVersionTasks(List.of("sst2"))
                .setTask("sst2")
                .setView(View.UNION)
                .setMetric("accuracy")
                .setScore(0.5)
                .setExamples(2)
                .setPredictionsDigest("none")
                .setHits(new BlobReference("hits", ADDRESS.hex(), 3L))
                .setAt(Instant.EPOCH)
                .build();
        AddressScan scan = new AddressScan();

        scan.read(event.toByteBuffer().array());

        assertThat(scan.names(ADDRESS)).isTrue();
        assertThat(scan.names(OTHER)).isFalse();
    }

    @Test
    void anAddressIsFoundWhateverStandsAroundIt() {
        AddressScan scan = new AddressScan();

        scan.read(("abc" + ADDRESS.hex() + "0" + OTHER.hex().substring(1)).getBytes(StandardCharsets.US_ASCII));
        scan.read(OTHER.hex().substring(1).getBytes(StandardCharsets.US_ASCII));
        scan.read(new byte[0]);

        assertThat(scan.names(ADDRESS)).isTrue();
        assertThat(scan.names(OTHER)).isFalse();
    }
}
