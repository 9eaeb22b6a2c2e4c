package io.tessellate.pipeline.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.backend.BackendSurvey;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackendsReportTest {
    private final BackendsReport report = new BackendsReport(List.of(
            new BackendSurvey("host", true, "products by ND4J"),
            new BackendSurvey("torch:cuda", false, "libtorch was built without CUDA")));

    @Test
    void everyBackendIsNamedWithWhatItRunsOnOrLacks() {
        assertThat(report.text().lines().map(line -> line.replaceAll(" {2,}", "|")))
                .containsExactly(
                        "backend|here|runs on, or lacks",
                        "host|yes|products by ND4J",
                        "torch:cuda|no|libtorch was built without CUDA");
        assertThat(report.json()).asString().contains("usable=false", "name=torch:cuda");
    }
}
