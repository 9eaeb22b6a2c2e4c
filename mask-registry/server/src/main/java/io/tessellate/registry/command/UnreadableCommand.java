package io.tessellate.registry.command;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.registry.ledger.OwnershipLedger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A record that holds no command: empty, or with a value out of its range.
 *
 * @param token if it reports a finished training, the token that was trained under: whoever trained waits for a verdict
 */
record UnreadableCommand(
        ErrorCode code,
        String message,
        @Nullable TaskName task,
        @Nullable RunId run,
        @Nullable Long token) implements RegistryCommand {
    /**
     * Whom a record is about, as it says, whether or not the names follow the rule of names.
     *
     * @param token if it reports a finished training, the token that was trained under
     */
    record Origin(
            @Nullable String task,
            @Nullable String run,
            @Nullable Long token) {
        /** A record that is about a model alone. */
        static final Origin UNKNOWN = new Origin(null, null, null);
    }

    /** The command, whatever values the record has: what breaks a rule of a value is the record's fault. */
    static RegistryCommand unless(Supplier<RegistryCommand> reading, Supplier<Origin> origin) {
        try {
            return reading.get();
        } catch (TessellateException | IllegalArgumentException | ArithmeticException | NullPointerException e) {
            return because(e, origin.get());
        }
    }

    /** What a record comes to that cannot be read. */
    static UnreadableCommand because(RuntimeException why, Origin origin) {
        return new UnreadableCommand(
                why instanceof TessellateException known ? known.code() : ErrorCode.INVALID_ARGUMENT,
                String.valueOf(why.getMessage()),
                name(origin.task(), TaskName::new),
                name(origin.run(), RunId::new),
                origin.token());
    }

    /** A name if it follows the rule of names; what does not cannot be quoted in an event. */
    private static <N> @Nullable N name(@Nullable String text, Function<String, N> type) {
        try {
            return text == null ? null : type.apply(text);
        } catch (TessellateException e) {
            return null;
        }
    }

    @Override
    public Decision decide(RegistryState state, OwnershipLedger ledger) {
        return refused(state.line().isPresent(), code, message);
    }

    @Override
    public Decision refused(ErrorCode other, String reason) {
        return refused(false, other, reason);
    }

    private Decision refused(boolean known, ErrorCode why, String reason) {
        return known && task != null && run != null && token != null
                ? Decision.of(new RegistryEvent.AdapterRejected(task, run, token, why, reason))
                : Decision.rejected(why, reason, task, run);
    }
}
