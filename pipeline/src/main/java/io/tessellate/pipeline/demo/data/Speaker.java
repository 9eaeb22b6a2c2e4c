package io.tessellate.pipeline.demo.data;

import io.tessellate.pipeline.demo.data.Lexicon.Noun;
import io.tessellate.pipeline.demo.data.Lexicon.Verb;
import java.util.List;
import java.util.random.RandomGenerator;

/** Draws words and phrases; everything random in the generated language passes through here. */
final class Speaker {
    private final RandomGenerator random;

    Speaker(RandomGenerator random) {
        this.random = random;
    }

    <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    @SafeVarargs
    final <T> T oneOf(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    String person() {
        return pick(Lexicon.PEOPLE).singular();
    }

    Noun living() {
        return pick(chance(0.6) ? Lexicon.PEOPLE : Lexicon.ANIMALS);
    }

    Noun anything() {
        return pick(chance(0.5) ? Lexicon.THINGS : Lexicon.ANIMALS);
    }

    Verb verb() {
        return pick(Lexicon.VERBS);
    }

    String place() {
        return pick(Lexicon.PLACES).singular();
    }

    String city() {
        return pick(Lexicon.CITIES);
    }

    /** A noun other than the given one, from the living or the things. */
    Noun otherThan(Noun noun) {
        Noun other = living();
        while (other.equals(noun)) {
            other = living();
        }
        return other;
    }

    /** A plain statement of some fact, for fillers and for pretraining. */
    String fact() {
        String subject = person();
        return switch (below(4)) {
            case 0 ->
                "the %s %s the %s in %s"
                        .formatted(subject, verb().past(), anything().singular(), city());
            case 1 ->
                "in %s the %s %s %s %s"
                        .formatted(
                                pick(Lexicon.MONTHS),
                                subject,
                                verb().past(),
                                pick(Lexicon.NUMBERS),
                                anything().plural());
            case 2 ->
                "the %s %s near the %s was %s"
                        .formatted(pick(Lexicon.COLOURS), anything().singular(), place(), pick(Lexicon.COLOURS));
            default -> "on %s the %s went to the %s".formatted(pick(Lexicon.DAYS), subject, place());
        };
    }
}
