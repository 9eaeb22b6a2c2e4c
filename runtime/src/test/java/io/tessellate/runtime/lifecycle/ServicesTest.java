package io.tessellate.runtime.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.runtime.health.Health;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServicesTest {
    private final List<String> told = new ArrayList<>();

    @Test
    void theLastStartedIsTheFirstStopped() {
        try (Services all = new Services("all", List.of(new Part("a"), new Part("b"), new Part("c")))) {
            all.start();
            all.close();
        }
        assertThat(told).containsExactly("start a", "start b", "start c", "close c", "close b", "close a");
    }

    @Test
    void aFailedStartStopsWhatWasStarted() {
        try (Services all = new Services("all", List.of(new Part("a"), new Part("bad"), new Part("c")))) {
            assertThatThrownBy(all::start).hasMessage("bad");
        }
        assertThat(told).containsExactly("start a", "start bad", "close bad", "close a");
    }

    @Test
    void healthIsThatOfAllParts() {
        Part sick = new Part("sick");
        try (Services all = new Services("all", List.of(new Part("a"), sick))) {
            assertThat(all.health().ready()).isTrue();
            sick.health = Health.waiting("restoring");
            assertThat(all.health()).isEqualTo(new Health(false, true, "sick: restoring"));
            sick.health = Health.dead("gone");
            assertThat(all.health().live()).isFalse();
        }
    }

    private final class Part implements Service {
        private final String name;
        private Health health = Health.up("fine");

        Part(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void start() {
            told.add("start " + name);
            if (name.equals("bad")) {
                throw new IllegalStateException(name);
            }
        }

        @Override
        public Health health() {
            return health;
        }

        @Override
        public void close() {
            told.add("close " + name);
        }
    }
}
