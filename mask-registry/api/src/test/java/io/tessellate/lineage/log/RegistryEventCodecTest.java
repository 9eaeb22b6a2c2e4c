package io.tessellate.lineage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.TaskId;
import io.tessellate.mask.grant.Exhaustion;
import io.tessellate.mask.grant.ExpanderClass;
import java.io.IOException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class RegistryEventCodecTest {
    static Stream<RegistryEvent> everyVariant() {
        return Stream.of(
                Samples.registered(),
                new RegistryEvent.CommandRejected(ErrorCode.CAPACITY, "full", Samples.SST2, Samples.RUN),
                new RegistryEvent.CommandRejected(ErrorCode.MODEL_EXISTS, "other base", null, null),
                Samples.reserved(Samples.SST2, Samples.RUN, 7, 0),
                new RegistryEvent.MaskReserved(
                        Samples.SST2, Samples.RUN, 8, 1, 12, "expander", new ExpanderClass(8, 3, -5L)),
                new RegistryEvent.MaskReserved(
                        Samples.SST2, Samples.RUN, 8, 1, 12, "expander", new ExpanderClass(8, 3, -5L, true)),
                new RegistryEvent.ReservationReleased(Samples.SST2, 8, "diverged"),
                Samples.expander(Samples.SST2, Samples.RUN, 7, 1),
                Samples.committed(Samples.SST2, Samples.RUN, 7, 1),
                Samples.composed(3, Samples.SST2, 1, 2),
                new Intervention.VersionComposed(3, List.of(1), null, List.of(), "ada", "back to one"),
                Samples.parent(1),
                new RegistryEvent.AdapterRejected(Samples.SST2, Samples.RUN, 7, ErrorCode.OVERLAP, "3 weights"),
                new RegistryEvent.VersionPromoted(1, "drop 0.0 within 0.05"),
                new RegistryEvent.VersionPromoted(2, "it answers well", "ada", true),
                new RegistryEvent.VersionPassed(1, "version 2 is champion already"),
                new RegistryEvent.VersionQuarantined(2, Samples.SST2, 0.25, 0.05),
                new RegistryEvent.VersionQuarantined(2, Samples.SST2, 0, 0.05, ErrorCode.RECORDS_GONE, "it is gone"),
                new RegistryEvent.ModelParked(ErrorCode.BLOB_DAMAGED, "it is gone", Samples.SST2, 1, "/blobs/ab/cd"),
                new RegistryEvent.ModelParked(ErrorCode.BLOB_DAMAGED, "it is gone", null, null, null),
                new RegistryEvent.ModelResumed("ada", "put the file back"),
                new Intervention.VersionRolledBack(1, 2, true, "ada", "it answers slowly"),
                new Intervention.TaskCancelled(Samples.SST2, Samples.RUN, "ada", "the wrong data"));
    }

    @ParameterizedTest
    @MethodSource("everyVariant")
    void everyVariantSurvivesTheWayThroughAvro(RegistryEvent event) throws IOException {
        LoggedEvent entry = Samples.logged(3, event);

        var avro = RegistryEventCodec.toAvro(entry);

        assertThat(avro.toByteBuffer().remaining()).isPositive();
        assertThat(RegistryEventCodec.fromAvro(avro)).isEqualTo(entry);
    }

    private static Stream<Class<?>> kinds(Class<?> family) {
        return family.isSealed()
                ? Stream.of(family.getPermittedSubclasses()).flatMap(RegistryEventCodecTest::kinds)
                : Stream.of(family);
    }

    @Test
    void theSamplesCoverEveryVariant() {
        assertThat(everyVariant().map(Object::getClass).distinct())
                .hasSize((int) kinds(RegistryEvent.class).count());
    }

    @Test
    void aFileNameThatNobodyWouldLetInNowIsReadOutOfTheLogEscaped() {
        var avro = RegistryEventCodec.toAvro(Samples.logged(1, Samples.registered()));
        avro.getModelRegistered().getFiles().get(0).setName("../..");

        assertThat(RegistryEventCodec.fromAvro(avro).event())
                .isInstanceOfSatisfying(
                        RegistryEvent.ModelRegistered.class,
                        event -> assertThat(event.files().get(0).name()).isEqualTo("%2E%2E%2F%2E%2E"));
    }

    @Test
    void aRecordWithNoneOrTwoEventsIsRefused() {
        var two = RegistryEventCodec.toAvro(Samples.logged(1, Samples.registered()));
        two.setVersionPromoted(new io.tessellate.event.VersionPromoted(1, "x", null, false));
        var none = RegistryEventCodec.toAvro(Samples.logged(1, Samples.registered()));
        none.setModelRegistered(null);

        for (var avro : List.of(two, none)) {
            assertThatThrownBy(() -> RegistryEventCodec.fromAvro(avro))
                    .isInstanceOfSatisfying(
                            TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNDECODABLE))
                    .hasMessageContaining("exactly one event");
        }
    }

    @Test
    void aRecordWithAValueOutOfItsRangeIsRefused() {
        var digest = RegistryEventCodec.toAvro(Samples.logged(1, Samples.registered()));
        digest.getModelRegistered().setBaseDigest("none");
        var sequence = RegistryEventCodec.toAvro(Samples.logged(1, Samples.registered()));
        sequence.setSequence(0);
        var cause = RegistryEventCodec.toAvro(Samples.logged(1, Samples.parent(0)));
        cause.getParentChanged().setCause("WHIM");
        var lift = RegistryEventCodec.toAvro(Samples.logged(1, Samples.reserved(Samples.SST2, Samples.RUN, 7, 0)));
        lift.getMaskReserved().setLift(8);

        for (var avro : List.of(digest, sequence, cause, lift)) {
            assertThatThrownBy(() -> RegistryEventCodec.fromAvro(avro))
                    .isInstanceOfSatisfying(
                            TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNDECODABLE))
                    .hasMessageContaining("of model glue cannot be read");
        }
    }

    @Test
    void aCodeThisVersionDoesNotKnowReadsAsADefect() {
        var avro = RegistryEventCodec.toAvro(Samples.logged(
                1, new RegistryEvent.CommandRejected(ErrorCode.CAPACITY, "from the future", null, null)));
        avro.getCommandRejected().setCode("NOT_INVENTED_YET");

        assertThat(RegistryEventCodec.fromAvro(avro).event())
                .isEqualTo(new RegistryEvent.CommandRejected(ErrorCode.DEFECT, "from the future", null, null));
    }

    @Test
    void commandsCarryFreshIdsAndTheTimeTheyWereSent() {
        var ids = List.of("a", "b").iterator();
        var commands = new RegistryCommands(Clock.fixed(Samples.AT, ZoneOffset.UTC), ids::next);
        var task = new TaskId(Samples.MODEL, Samples.SST2);

        var register = commands.register(Samples.MODEL, Samples.registered());
        var reserve = commands.reserve(task, Samples.RUN, "lotto", 0.1, Exhaustion.SHRINK);

        assertThat(register.getCommandId()).isEqualTo("a");
        assertThat(register.getRegisterModel().getEligible()).hasSize(2);
        assertThat(reserve.getCommandId()).isEqualTo("b");
        assertThat(reserve.getAt()).isEqualTo(Samples.AT);
        assertThat(reserve.getReserveMask().getExhaustion()).isEqualTo("shrink");
    }
}
