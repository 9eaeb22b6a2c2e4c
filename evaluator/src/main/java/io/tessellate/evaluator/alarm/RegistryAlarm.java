package io.tessellate.evaluator.alarm;

import io.tessellate.error.ErrorCode;
import io.tessellate.evaluator.alert.AlertKind;
import io.tessellate.evaluator.alert.RaisedAlert;
import io.tessellate.lineage.log.LoggedEvent;
import io.tessellate.lineage.log.RegistryEvent;
import java.util.Optional;

/** What the registry says that a person has to know: a model waits for them, or an adapter was refused for good. */
public final class RegistryAlarm {
    private RegistryAlarm() {}

    /** The alert about an event of the registry, if it is worth one. */
    public static Optional<RaisedAlert> of(LoggedEvent entry) {
        if (entry.event() instanceof RegistryEvent.ModelParked parked) {
            return Optional.of(parked(entry, parked));
        }
        if (entry.event() instanceof RegistryEvent.AdapterRejected rejected
                && !rejected.lostRace()
                && rejected.code() != ErrorCode.CANCELLED) {
            return Optional.of(RaisedAlert.of(
                            AlertKind.ADAPTER,
                            false,
                            entry.model(),
                            rejected.code().name(),
                            "%s\n%d".formatted(rejected.run(), rejected.token()),
                            "the adapter of '%s' was refused: %s".formatted(rejected.task(), rejected.message()),
                            entry.at())
                    .about(rejected.task()));
        }
        return Optional.empty();
    }

    private static RaisedAlert parked(LoggedEvent entry, RegistryEvent.ModelParked parked) {
        RaisedAlert alert = RaisedAlert.of(
                AlertKind.PARKED,
                true,
                entry.model(),
                parked.code().name(),
                String.valueOf(entry.at()),
                "the model waits for a person: %s%s"
                        .formatted(parked.reason(), parked.path() == null ? "" : " (" + parked.path() + ")"),
                entry.at());
        RaisedAlert placed = parked.version() == null ? alert : alert.ofVersion(parked.version(), null);
        return parked.task() == null ? placed : placed.about(parked.task());
    }
}
