package io.tessellate.evaluator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.runtime.config.Configuration;
import io.tessellate.runtime.log.Logging;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EvaluatorConfigTest {
    private static final Map<String, String> REQUIRED = Map.of(
            "tessellate.data-dir", "state",
            "tessellate.bootstrap-servers", "broker:9092",
            "tessellate.schema-registry-url", "http://schemas:8081");

    @Test
    public void everythingElseHasADefault() {
        EvaluatorConfig config = load(REQUIRED);

        assertThat(config.dataDir()).isEqualTo(Path.of("state"));
        assertThat(config.instanceId()).isEqualTo("local");
        assertThat(config.blobDir()).isEmpty();
        assertThat(config.backend()).isEqualTo("host");
        assertThat(config.topics().control()).isEqualTo("tessellate");
        assertThat(config.topics().tasks()).isEqualTo("tasks");
        assertThat(config.http().host()).isEqualTo("127.0.0.1");
        assertThat(config.http().port()).isEqualTo(8084);
        assertThat(config.log().format()).isEqualTo(Logging.Format.PLAIN);
    }

    @Test
    public void everyKeyIsRead() {
        Map<String, String> all = new HashMap<>(REQUIRED);
        all.put("tessellate.kafka.security.protocol", "SSL");
        all.put("tessellate.instance-id", "two");
        all.put("tessellate.blob-dir", "files");
        all.put("tessellate.backend", "nd4j");
        all.put("tessellate.topics.control", "t");
        all.put("tessellate.topics.tasks", "d");
        all.put("tessellate.http.host", "0.0.0.0");
        all.put("tessellate.http.port", "0");
        all.put("tessellate.log.format", "json");

        EvaluatorConfig config = load(all);

        assertThat(config.kafka()).containsEntry("security.protocol", "SSL");
        assertThat(config.instanceId()).isEqualTo("two");
        assertThat(config.blobDir()).contains(Path.of("files"));
        assertThat(config.backend()).isEqualTo("nd4j");
        assertThat(config.topics().control()).isEqualTo("t");
        assertThat(config.topics().tasks()).isEqualTo("d");
        assertThat(config.http().host()).isEqualTo("0.0.0.0");
        assertThat(config.http().port()).isZero();
        assertThat(config.log().format()).isEqualTo(Logging.Format.JSON);
    }

    @Test
    public void whatIsMissingIsSaidAtOnce() {
        assertThatThrownBy(() -> load(Map.of()))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION))
                .hasMessageContaining("data-dir")
                .hasMessageContaining("bootstrap-servers")
                .hasMessageContaining("schema-registry-url");
    }

    private static EvaluatorConfig load(Map<String, String> flags) {
        return Configuration.load(List.of(EvaluatorConfig.class), Optional.empty(), Map.of(), flags)
                .of(EvaluatorConfig.class);
    }
}
