package io.tessellate.pipeline.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.TaskId;
import io.tessellate.topic.TopicNames;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TopicCollisionTest {
    private static final TopicNames NAMES = TopicNames.DEFAULT;

    @Test
    void aTaskWhoseTopicKafkaTakesForAnothersIsRefusedByName() {
        assertThatThrownBy(() ->
                        TopicCollision.requireOwn(Set.of("tasks.col.a_b", "tasks.x.y"), NAMES, TaskId.of("col_a", "b")))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessageContaining("task col_a/b cannot have a topic beside task col/a_b")
                .hasMessageContaining("'tasks.col_a.b' and 'tasks.col.a_b'");
        assertThatThrownBy(() -> TopicCollision.requireOwn(Set.of("tasks_col.a"), NAMES, TaskId.of("col", "a")))
                .hasMessageContaining("beside topic tasks_col.a");
    }

    @Test
    void itsOwnTopicAndThoseOfOthersAreFine() {
        assertThatCode(() -> TopicCollision.requireOwn(
                        Set.of("tasks.col.a_b", "tasks.col.a-b", "tasks.co.la_b"), NAMES, TaskId.of("col", "a_b")))
                .doesNotThrowAnyException();
    }
}
