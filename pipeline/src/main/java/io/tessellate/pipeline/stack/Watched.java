package io.tessellate.pipeline.stack;

import io.tessellate.error.TessellateException;
import io.tessellate.runtime.health.Component;
import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.retry.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One part under supervision: what was seen of it, what is due, what was said. */
final class Watched {
    private static final Logger LOG = LoggerFactory.getLogger(Watched.class);
    /** A part that is busy with a rebalance or a restart of its own is nothing to speak of. */
    private static final Duration SILENCE = Duration.ofSeconds(10);
    /** How long a part must have been ready for its earlier deaths to be forgotten. */
    private static final Duration CALM = Duration.ofMinutes(1);

    private final Component part;
    private final Runnable restart;
    private final Backoff backoff;
    private final Consumer<String> say;
    private int tries;
    private @Nullable Instant due;
    private @Nullable Instant readySince;
    private @Nullable Instant unreadySince;
    private boolean wasReady;
    private boolean saidUnready;

    /**
     * A part that has not been looked at.
     *
     * @param restart starts it again, in the looking thread
     * @param backoff how soon and how often that is tried before the part is given up
     * @param say hears what people should know
     */
    Watched(Component part, Runnable restart, Backoff backoff, Consumer<String> say) {
        this.part = part;
        this.restart = restart;
        this.backoff = backoff;
        this.say = say;
    }

    /** Looks at the part and does what is due; says why, where nothing more can be done. */
    Optional<String> look(Instant now) {
        Health health = part.health();
        boolean startFailed = due != null && !health.ready();
        if (!health.live() || startFailed) {
            readySince = null;
            return dead(health.detail(), now);
        }
        if (health.ready()) {
            ready(now);
        } else {
            readySince = null;
            unready(health.detail(), now);
        }
        return Optional.empty();
    }

    private Optional<String> dead(String detail, Instant now) {
        if (due == null) {
            return schedule(detail, now);
        }
        if (now.isBefore(due)) {
            return Optional.empty();
        }
        due = null;
        tries++;
        return again().flatMap(failure -> schedule(failure, now));
    }

    private Optional<String> schedule(String detail, Instant now) {
        if (tries == backoff.attempts()) {
            return Optional.of("%s could not be started again in %d tries: %s".formatted(part.name(), tries, detail));
        }
        Duration pause = backoff.after(tries + 1);
        due = now.plus(pause);
        say.accept("%s is down: %s; starting it again in %d s (try %d of %d)"
                .formatted(part.name(), detail, pause.toSeconds(), tries + 1, backoff.attempts()));
        return Optional.empty();
    }

    /** Starts the part, and says why that failed if it did. */
    private Optional<String> again() {
        try {
            restart.run();
            say.accept(part.name() + " was started again");
            unreadySince = null;
            return Optional.empty();
        } catch (TessellateException e) {
            LOG.warn("{} was not started", part.name(), e);
            return Optional.of(e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("{} was not started", part.name(), e);
            return Optional.of(e + "; the log has more");
        }
    }

    private void ready(Instant now) {
        due = null;
        unreadySince = null;
        wasReady = true;
        if (saidUnready) {
            saidUnready = false;
            say.accept(part.name() + " is ready again");
        }
        if (readySince == null) {
            readySince = now;
        } else if (tries > 0 && !now.isBefore(readySince.plus(CALM))) {
            tries = 0;
        }
    }

    /** What is not ready while it starts is waited for elsewhere. */
    private void unready(String detail, Instant now) {
        if (!wasReady || saidUnready) {
            return;
        }
        if (unreadySince == null) {
            unreadySince = now;
        } else if (!now.isBefore(unreadySince.plus(SILENCE))) {
            saidUnready = true;
            say.accept("%s is not ready: %s".formatted(part.name(), detail));
        }
    }
}
