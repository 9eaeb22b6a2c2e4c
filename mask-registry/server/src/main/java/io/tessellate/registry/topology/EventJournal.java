package io.tessellate.registry.topology;

import io.tessellate.id.TaskName;
import io.tessellate.lineage.log.Intervention;
import io.tessellate.lineage.log.LoggedEvent;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.lineage.log.RegistryEventVisitor;
import io.tessellate.runtime.log.LogContext;
import io.tessellate.text.NumberText;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line per event in the process's log. Lines come when an event is decided; that it was committed, the topic says. */
final class EventJournal implements RegistryEventVisitor<String> {
    private static final Logger LOG = LoggerFactory.getLogger(EventJournal.class);

    void write(LoggedEvent entry) {
        try (LogContext ignored = LogContext.of("model", entry.model())) {
            LOG.info(
                    "{} #{}: {}", entry.model(), entry.sequence(), entry.event().accept(this));
        }
    }

    @Override
    public String visit(RegistryEvent.ModelRegistered event) {
        return "registered on base %s, %s, %s".formatted(event.baseDigest(), event.space(), event.ownership());
    }

    @Override
    public String visit(RegistryEvent.CommandRejected event) {
        return "command refused%s: %s %s".formatted(of(event.task()), event.code(), event.message());
    }

    @Override
    public String visit(RegistryEvent.MaskReserved event) {
        return "token %d for task %s, run %s: %s, up to %d weights on version %d%s"
                .formatted(
                        event.token(),
                        event.task(),
                        event.run(),
                        event.method(),
                        event.budget(),
                        event.parentVersion(),
                        event.lift() == null
                                ? ""
                                : ", class %d of %d"
                                        .formatted(
                                                event.lift().index(),
                                                event.lift().lift()));
    }

    @Override
    public String visit(RegistryEvent.ReservationReleased event) {
        return "token %d of task %s released: %s".formatted(event.token(), event.task(), event.reason());
    }

    @Override
    public String visit(RegistryEvent.AdapterCommitted event) {
        return "version %d: task %s, run %s owns %d weights, adapter %s"
                .formatted(
                        event.version(),
                        event.task(),
                        event.run(),
                        event.owned(),
                        event.adapter().sha256());
    }

    @Override
    public String visit(Intervention.VersionComposed event) {
        return "version %d composed of versions %s by %s%s: %s"
                .formatted(
                        event.version(),
                        event.holds(),
                        event.who(),
                        event.without() == null ? "" : ", without task " + event.without(),
                        event.why());
    }

    @Override
    public String visit(Intervention.ParentChanged event) {
        return "the next version builds on version %d: %s by %s: %s"
                .formatted(event.version(), event.cause(), event.who(), event.why());
    }

    @Override
    public String visit(RegistryEvent.AdapterRejected event) {
        return "adapter of task %s, run %s refused: %s %s"
                .formatted(event.task(), event.run(), event.code(), event.message());
    }

    @Override
    public String visit(RegistryEvent.VersionPromoted event) {
        return "version %d is champion%s: %s"
                .formatted(event.version(), event.who() == null ? "" : ", by " + event.who(), event.reason());
    }

    @Override
    public String visit(RegistryEvent.VersionPassed event) {
        return "version %d passed: %s".formatted(event.version(), event.reason());
    }

    @Override
    public String visit(RegistryEvent.VersionQuarantined event) {
        return "version %d quarantined: task %s dropped by %s, allowed %s"
                .formatted(
                        event.version(),
                        event.task(),
                        NumberText.fixed(event.drop(), 4),
                        NumberText.fixed(event.budget(), 4));
    }

    @Override
    public String visit(RegistryEvent.ModelParked event) {
        return "parked: %s %s".formatted(event.code(), event.reason());
    }

    @Override
    public String visit(RegistryEvent.ModelResumed event) {
        return "resumed by %s: %s".formatted(event.who(), event.why());
    }

    private static String of(@Nullable TaskName task) {
        return task == null ? "" : " of task " + task;
    }

    @Override
    public String visit(Intervention.VersionRolledBack event) {
        return "version %d is champion again instead of %d%s, by %s: %s"
                .formatted(event.version(), event.from(), event.forced() ? ", forced" : "", event.who(), event.why());
    }

    @Override
    public String visit(Intervention.TaskCancelled event) {
        return "task %s, run %s cancelled by %s: %s".formatted(event.task(), event.run(), event.who(), event.why());
    }
}
