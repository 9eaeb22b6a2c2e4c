package io.tessellate.registry.command;

import io.tessellate.error.ErrorCode;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.VersionStanding;
import io.tessellate.lineage.log.Author;
import io.tessellate.lineage.log.Intervention;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.registry.ledger.OwnershipLedger;
import java.util.Optional;

/**
 * Asks that a person's choice becomes champion. A version that nobody measured, or that failed, is taken only by force; one that is
 * champion already changes nothing.
 *
 * @param direction whether a later version is meant or an earlier one, so that a slip of the number is noticed
 * @param force whether a version is taken whatever is known of it
 */
record ChampionChange(Direction direction, int version, boolean force, Author author) implements RegistryCommand {
    /** Which way the alias moves. */
    enum Direction {
        /** To a later version. */
        FORWARD,
        /** To an earlier one. */
        BACK
    }

    @Override
    public Decision decide(RegistryState state, OwnershipLedger ledger) {
        if (state.line().isEmpty()) {
            return refused(ErrorCode.UNKNOWN_MODEL, "model %s is not registered".formatted(state.model()));
        }
        ModelLine line = state.line().get();
        VersionStanding standing = line.standing(version);
        if (standing == VersionStanding.CHAMPION) {
            return Decision.nothing();
        }
        ledger.requireSound(line);
        int champion = line.champion().orElse(0);
        return wrongWay(line, champion)
                .or(() -> force ? Optional.empty() : unfit(line, standing))
                .map(this::refused)
                .orElseGet(() -> Decision.of(change(champion, standing)));
    }

    private Optional<Refusal> wrongWay(ModelLine line, int champion) {
        boolean forward = version > champion;
        if (forward == (direction == Direction.FORWARD)) {
            return Optional.empty();
        }
        String other = forward ? "promote" : "rollback";
        return Optional.of(new Refusal(
                ErrorCode.INVALID_ARGUMENT,
                champion == 0
                        ? "model %s has no champion to go back from; to make version %d champion: tessellate promote %s %d"
                                .formatted(line.name(), version, line.name(), version)
                        : "version %d is %s than champion %d; if it is meant: tessellate %s %s %d"
                                .formatted(
                                        version,
                                        forward ? "later" : "earlier",
                                        champion,
                                        other,
                                        line.name(),
                                        version)));
    }

    private Optional<Refusal> unfit(ModelLine line, VersionStanding standing) {
        return switch (standing) {
            case CANDIDATE ->
                Optional.of(new Refusal(
                        ErrorCode.NOT_MEASURED,
                        "version %d of model %s has not been measured; --force takes it all the same"
                                .formatted(version, line.name())));
            case QUARANTINED ->
                Optional.of(new Refusal(
                        ErrorCode.QUARANTINED,
                        "version %d of model %s was measured and failed (tessellate matrix %s); --force takes it all the same"
                                .formatted(version, line.name(), line.name())));
            case PASSED, PROMOTED, CHAMPION -> Optional.empty();
        };
    }

    private RegistryEvent change(int champion, VersionStanding standing) {
        boolean forced = standing == VersionStanding.CANDIDATE || standing == VersionStanding.QUARANTINED;
        return switch (direction) {
            case FORWARD -> new RegistryEvent.VersionPromoted(version, author.why(), author.who(), forced);
            case BACK -> new Intervention.VersionRolledBack(version, champion, forced, author.who(), author.why());
        };
    }

    private Decision refused(Refusal refusal) {
        return refused(refusal.code(), refusal.message());
    }

    @Override
    public Decision refused(ErrorCode code, String message) {
        return Decision.rejected(code, message, null, null);
    }

    @Override
    public WhileParked whileParked() {
        return WhileParked.REFUSED;
    }
}
