package io.tessellate.pipeline.stack;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.lifecycle.Service;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplaceableTest {
    private final List<FakeService> made = new ArrayList<>();
    private final Replaceable<FakeService> service = new Replaceable<>(this::make);

    @Test
    void aServiceThatDiedIsEndedAndAnotherStartedInItsPlace() {
        service.start();
        made.get(0).health = Health.dead("a record of its own making");
        assertThat(service.health().live()).isFalse();
        service.replace();
        assertThat(made).hasSize(2);
        assertThat(made.get(0).events).containsExactly("start", "close");
        assertThat(made.get(1).events).containsExactly("start");
        assertThat(service.current()).isSameAs(made.get(1));
        assertThat(service.health().ready()).isTrue();
    }

    @Test
    void whatWasStoppedIsNotStartedAgain() {
        service.start();
        service.close();
        service.replace();
        assertThat(made).hasSize(1);
        assertThat(made.get(0).events).containsExactly("start", "close");
    }

    private FakeService make() {
        FakeService one = new FakeService();
        made.add(one);
        return one;
    }

    private static final class FakeService implements Service {
        private final List<String> events = new ArrayList<>();
        private Health health = Health.up("works");

        @Override
        public String name() {
            return "fake";
        }

        @Override
        public void start() {
            events.add("start");
        }

        @Override
        public Health health() {
            return health;
        }

        @Override
        public void close() {
            events.add("close");
        }
    }
}
