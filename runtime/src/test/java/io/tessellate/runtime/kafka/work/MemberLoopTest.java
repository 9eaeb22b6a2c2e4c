package io.tessellate.runtime.kafka.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.runtime.health.Health;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class MemberLoopTest {
    private static final int NOT_JOINED = -1;

    private final Member member = new Member();
    private Health turned = Health.up("at work");

    /** A consumer that is in its group, or not yet. */
    private static final class Member extends MockConsumer<byte[], byte[]> {
        private int generation = NOT_JOINED;

        Member() {
            super("earliest");
            TopicPartition partition = new TopicPartition("topic", 0);
            assign(List.of(partition));
            updateBeginningOffsets(Map.of(partition, 0L));
        }

        /** Made by hand: the fake has always joined, and there is no other way yet to one that has not. */
        @Override
        @SuppressWarnings("removal")
        public synchronized ConsumerGroupMetadata groupMetadata() {
            return new ConsumerGroupMetadata("group", generation, "member", Optional.empty());
        }
    }

    private final MemberLoop loop = new MemberLoop("the loop", member) {
        @Override
        protected void subscribe() {}

        @Override
        protected Health turn(ConsumerRecords<byte[], byte[]> read) {
            return turned;
        }

        @Override
        protected void release() {}
    };

    @Test
    void aMemberIsReadyOnceItHasJoinedItsGroup() {
        loop.look();
        assertThat(loop.health().ready()).isFalse();
        assertThat(loop.health().detail()).isEqualTo("joining the group");
        member.generation = 1;
        loop.look();
        assertThat(loop.health()).isEqualTo(turned);
    }

    @Test
    void whatKeepsItFromWorkingIsSaidBeforeThatItHasNotJoined() {
        turned = Health.waiting("the schema registry is away");
        loop.look();
        assertThat(loop.health()).isEqualTo(turned);
    }
}
