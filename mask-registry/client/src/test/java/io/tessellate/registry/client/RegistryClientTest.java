package io.tessellate.registry.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.StoppedException;
import io.tessellate.error.TessellateException;
import io.tessellate.event.RegistryCommand;
import io.tessellate.lineage.log.LoggedEvent;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.runtime.kafka.work.Cancellation;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RegistryClientTest {
    private static final Duration SOON = Duration.ofMinutes(1);
    private static final Duration AT_ONCE = Duration.ofMillis(10);

    private final FakeLog log = new FakeLog();
    private Consumer<RegistryCommand> registry = command -> {};
    private final MockProducer<String, SpecificRecord> commands =
            new MockProducer<>(true, null, new StringSerializer(), (topic, value) -> {
                registry.accept((RegistryCommand) value);
                return new byte[0];
            });
    private final RegistryClient client = new RegistryClient(
            log::tail,
            new CommandTopic(FakeLog.TOPICS.registryCommands().name(), () -> commands),
            Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void whoFollowsHearsOfAnEventOnceItIsInTheFold() {
        List<Boolean> known = new CopyOnWriteArrayList<>();
        client.follow(event -> known.add(client.lineage().model(event.model()).isPresent()));
        log.register();
        client.start();
        await().until(() -> known.equals(List.of(true)));
        assertThat(client.revision()).isEqualTo(1);
    }

    @Test
    void whoFollowsNoLongerHearsOfNothing() {
        List<LoggedEvent> heard = new CopyOnWriteArrayList<>();
        client.follow(heard::add).close();
        log.register();
        client.start();
        await().until(() -> client.lineage().model(FakeLog.MODEL).isPresent());
        assertThat(heard).isEmpty();
    }

    @Test
    void oneThatFailsAtAnEventKeepsNoOtherFromHearingOfIt() {
        List<LoggedEvent> heard = new CopyOnWriteArrayList<>();
        client.follow(event -> {
            throw new IllegalStateException("not for me");
        });
        client.follow(heard::add);
        log.register();
        client.start();
        await().until(() -> heard.size() == 1);
        await().until(() -> log.passedOver.count(FakeLog.TOPICS.registry().name()) == 1);
        assertThat(client.lineage().model(FakeLog.MODEL)).isPresent();
    }

    @Test
    void aRecordThatCannotBeReadIsPassedOverAndTheNextIsFolded() {
        log.bytes("no event".getBytes(UTF_8));
        log.register();
        client.start();
        await().until(() -> client.lineage().model(FakeLog.MODEL).isPresent());
        assertThat(log.passedOver.count(FakeLog.TOPICS.registry().name())).isEqualTo(1);
    }

    @Test
    void theAnswerIsTheEventThatNamesTheCommand() {
        client.start();
        log.register();
        registry = command -> log.refuse(command.getCommandId(), ErrorCode.INVALID_ARGUMENT, "not parked");
        assertThat(client.ask(commands -> commands.resume(FakeLog.MODEL, "me", "why"), patience(SOON)))
                .contains(new RegistryEvent.CommandRejected(ErrorCode.INVALID_ARGUMENT, "not parked", null, null));
        assertThat(commands.history())
                .singleElement()
                .satisfies(record -> assertThat(record.key()).isEqualTo("glue"));
    }

    @Test
    void withoutAnAnswerInTimeThereIsNone() {
        client.start();
        assertThat(client.ask(commands -> commands.resume(FakeLog.MODEL, "me", "why"), patience(AT_ONCE)))
                .isEmpty();
    }

    @Test
    void whoIsStoppedWaitsNoLonger() {
        client.start();
        Cancellation stopped = new Cancellation();
        stopped.cancel();
        assertThatThrownBy(() -> client.await(() -> false, new Patience(SOON, stopped)))
                .isInstanceOf(StoppedException.class);
    }

    @Test
    void aPersonIsToldWhatTheRegistryRefuses() {
        client.start();
        log.register();
        await().until(() -> client.lineage().model(FakeLog.MODEL).isPresent());
        registry = command -> log.refuse(command.getCommandId(), ErrorCode.MODEL_PARKED, "still damaged");
        assertThatThrownBy(() -> client.resume(FakeLog.MODEL, "me", "why"))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MODEL_PARKED))
                .hasMessage("still damaged");
    }

    @Test
    void nobodyIsAskedAboutAModelThatIsNotRegistered() {
        client.start();
        assertThatThrownBy(() -> client.resume(FakeLog.MODEL, "me", "why"))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_MODEL));
        assertThat(commands.history()).isEmpty();
    }

    @Test
    void whatIsSoAlreadyNeedsNoAnswer() {
        client.start();
        log.register();
        var line = client.request(
                commands -> commands.resume(FakeLog.MODEL, "me", "why"),
                () -> client.lineage().model(FakeLog.MODEL).isPresent());
        assertThat(line.name()).isEqualTo(FakeLog.MODEL);
    }

    @Test
    void aVersionIsWaitedForAndNotReadyIfItDoesNotCome() {
        client.start();
        log.register();
        log.commit("sst2");
        assertThat(client.version(FakeLog.MODEL, 1, SOON).currentVersion()).isEqualTo(1);
        assertThatThrownBy(() -> client.version(FakeLog.MODEL, 2, AT_ONCE))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_READY))
                .hasMessage("version 2 of glue is not known yet");
    }

    private static Patience patience(Duration limit) {
        return new Patience(limit, new Cancellation());
    }
}
