package io.tessellate.lineage.log;

import io.tessellate.event.FieldRace;
import io.tessellate.recipe.RaceCandidate;
import io.tessellate.recipe.RaceResult;
import io.tessellate.recipe.RaceTrial;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** From races as topics hold them to ours and back. */
public final class RaceCodec {
    private RaceCodec() {}

    /** The Avro form of a race. */
    public static FieldRace toAvro(RaceResult race) {
        return FieldRace.newBuilder()
                .setCandidates(race.candidates().stream().map(RaceCodec::toAvro).toList())
                .setWinner(race.winner())
                .setCost(race.cost())
                .setBudget(race.budget())
                .setHeldOut(race.heldOut())
                .setEarlierHeldOut(race.earlierHeldOut())
                .setRemark(race.remark())
                .build();
    }

    private static io.tessellate.event.RaceCandidate toAvro(RaceCandidate candidate) {
        return new io.tessellate.event.RaceCandidate(
                candidate.values(),
                candidate.trials().stream()
                        .map(trial ->
                                new io.tessellate.event.RaceTrial(trial.steps(), trial.unlearnt(), trial.forgotten()))
                        .toList(),
                candidate.outcome().name());
    }

    /** The race that an event tells of, if it tells of one. */
    public static Optional<RaceResult> fromAvro(@Nullable FieldRace avro) {
        return avro == null
                ? Optional.empty()
                : Optional.of(new RaceResult(
                        avro.getCandidates().stream().map(RaceCodec::candidate).toList(),
                        avro.getWinner(),
                        avro.getCost(),
                        avro.getBudget(),
                        avro.getHeldOut(),
                        avro.getEarlierHeldOut(),
                        avro.getRemark()));
    }

    private static RaceCandidate candidate(io.tessellate.event.RaceCandidate avro) {
        return RaceCandidate.of(
                avro.getValues(),
                avro.getTrials().stream()
                        .map(trial -> new RaceTrial(trial.getSteps(), trial.getUnlearnt(), trial.getForgotten()))
                        .toList(),
                outcome(avro.getOutcome()));
    }

    /** A word that a newer writer may have added is an outcome that did not win. */
    private static RaceCandidate.Outcome outcome(String word) {
        return Arrays.stream(RaceCandidate.Outcome.values())
                .filter(outcome -> outcome.name().equals(word))
                .findFirst()
                .orElse(RaceCandidate.Outcome.LOST);
    }
}
