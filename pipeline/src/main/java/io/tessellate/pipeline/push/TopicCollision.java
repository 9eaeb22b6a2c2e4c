package io.tessellate.pipeline.push;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.TaskId;
import io.tessellate.runtime.kafka.KafkaFailures;
import io.tessellate.topic.TopicNames;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;

/**
 * Which topic a task may have. In the names of its metrics Kafka writes a dot as an underscore and refuses a topic whose name is
 * then another's: {@code col/a_b} and {@code col_a/b} cannot both be.
 */
final class TopicCollision {
    private TopicCollision() {}

    /** Throws INVALID_ARGUMENT if another task has a topic that Kafka takes for this one's. */
    static void requireOwn(Admin admin, TopicNames names, TaskId task) {
        requireOwn(existing(admin), names, task);
    }

    static void requireOwn(Set<String> existing, TopicNames names, TaskId task) {
        String own = names.task(task);
        existing.stream()
                .filter(topic -> !topic.equals(own) && metric(topic).equals(metric(own)))
                .findFirst()
                .ifPresent(topic -> {
                    throw new TessellateException(
                            ErrorCode.INVALID_ARGUMENT,
                            ("task %s cannot have a topic beside %s: Kafka takes '%s' and '%s' for one name, since '.' and"
                                            + " '_' are the same in its metrics; choose another name")
                                    .formatted(
                                            task,
                                            names.taskOf(topic)
                                                    .map(other -> "task " + other)
                                                    .orElse("topic " + topic),
                                            own,
                                            topic));
                });
    }

    private static String metric(String topic) {
        return topic.replace('.', '_');
    }

    private static Set<String> existing(Admin admin) {
        try {
            return admin.listTopics().names().get();
        } catch (ExecutionException | InterruptedException e) {
            throw KafkaFailures.of("the topics cannot be listed", e);
        }
    }
}
