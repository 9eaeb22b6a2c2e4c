package io.tessellate.pipeline.demo.data;

import java.util.List;

/** Reviews. Negations turn words around, and in a contrast the main clause decides. */
final class Sentiment implements ExampleMaker {
    @Override
    public String name() {
        return "sentiment";
    }

    @Override
    public List<String> labels() {
        return List.of("negative", "positive");
    }

    @Override
    public DemoExample example(Speaker speaker, int label) {
        boolean positive = label == 1;
        String review = switch (speaker.below(5)) {
            case 0, 1 -> opinion(speaker, positive);
            case 2 -> "%s and %s".formatted(opinion(speaker, positive), opinion(speaker, positive));
            case 3 -> "%s , but %s".formatted(opinion(speaker, !positive), opinion(speaker, positive));
            default -> "although %s , %s".formatted(opinion(speaker, !positive), opinion(speaker, positive));
        };
        return DemoExample.of(review + " .", label);
    }

    /** A review of one mind and without negations, as the base model reads them. */
    static String plainReview(Speaker speaker) {
        boolean positive = speaker.chance(0.5);
        return "i %s the %s because the %s was %s and %s and the %s was %s %s"
                .formatted(
                        speaker.pick(positive ? Lexicon.LIKED : Lexicon.DISLIKED),
                        speaker.pick(Lexicon.ASPECTS),
                        speaker.pick(Lexicon.ASPECTS),
                        speaker.pick(positive ? Lexicon.GOOD : Lexicon.BAD),
                        speaker.pick(positive ? Lexicon.GOOD : Lexicon.BAD),
                        speaker.pick(Lexicon.ASPECTS),
                        speaker.pick(Lexicon.INTENSIFIERS),
                        speaker.pick(positive ? Lexicon.GOOD : Lexicon.BAD));
    }

    private static String opinion(Speaker speaker, boolean positive) {
        String aspect = speaker.pick(Lexicon.ASPECTS);
        return switch (speaker.below(5)) {
            case 0 -> "i %s the %s".formatted(speaker.pick(positive ? Lexicon.LIKED : Lexicon.DISLIKED), aspect);
            case 1 ->
                "the %s was %s %s"
                        .formatted(
                                aspect,
                                speaker.pick(Lexicon.NEGATIONS),
                                speaker.pick(positive ? Lexicon.BAD : Lexicon.GOOD));
            case 2 ->
                "the %s was %s %s"
                        .formatted(
                                aspect,
                                speaker.pick(Lexicon.INTENSIFIERS),
                                speaker.pick(positive ? Lexicon.GOOD : Lexicon.BAD));
            default -> "the %s was %s".formatted(aspect, speaker.pick(positive ? Lexicon.GOOD : Lexicon.BAD));
        };
    }
}
