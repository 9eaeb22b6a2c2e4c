package io.tessellate.pipeline.report;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.kafka.KafkaFailures;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;

/** Topics that look meant for a task and are read by nobody. */
public final class StrayTopics {
    private static final long PATIENCE_SECONDS = 10;

    private StrayTopics() {}

    /** Each with the reason. */
    public static Map<String, String> of(KafkaClients clients) {
        try (Admin admin = clients.admin()) {
            Map<String, String> strays = new TreeMap<>();
            for (String topic : admin.listTopics().names().get(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                clients.topics().names().stray(topic).ifPresent(why -> strays.put(topic, why));
            }
            return strays;
        } catch (TimeoutException e) {
            throw new RetriableException(
                    ErrorCode.UNAVAILABLE_DEPENDENCY,
                    "the topics cannot be listed: no answer within %d s".formatted(PATIENCE_SECONDS),
                    e);
        } catch (ExecutionException | InterruptedException e) {
            throw KafkaFailures.of("the topics cannot be listed", e);
        }
    }
}
