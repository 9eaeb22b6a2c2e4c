package io.tessellate.pipeline.demo.data;

import java.util.List;

/** Reviews. Negations turn words around, and in a contrast the main clause decides. */
final class Sentiment implements TaskGenerator {
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
        String review =
                switch (speaker.below(5)) {
                    case 0 -> opinion(speaker, positive);
                    case 1 -> "although %s , %s".formatted(opinion(speaker, !positive), opinion(speaker, positive));
                    case 2 -> "%s , but %s".formatted(opinion(speaker, !positive), opinion(speaker, positive));
                    case 3 -> "%s despite the %s %s"
                            .formatted(
                                    opinion(speaker, positive),
                                    speaker.pick(positive ? Lexicon.BAD : Lexicon.GOOD),
                                    speaker.pick(Lexicon.ASPECTS));
                    default -> "%s and %s".formatted(opinion(speaker, positive), opinion(speaker, positive));
                };
        return DemoExample.of(review + " .", label);
    }

    static String opinion(Speaker speaker, boolean positive) {
        String aspect = speaker.pick(Lexicon.ASPECTS);
        return switch (speaker.below(4)) {
            case 0 -> "i %s the %s".formatted(speaker.pick(positive ? Lexicon.LIKED : Lexicon.DISLIKED), aspect);
            case 1 -> "the %s was %s %s"
                    .formatted(
                            aspect,
                            speaker.pick(Lexicon.NEGATIONS),
                            speaker.pick(positive ? Lexicon.BAD : Lexicon.GOOD));
            case 2 -> "the %s was %s %s"
                    .formatted(
                            aspect,
                            speaker.pick(Lexicon.INTENSIFIERS),
                            speaker.pick(positive ? Lexicon.GOOD : Lexicon.BAD));
            default -> "the %s was %s".formatted(aspect, speaker.pick(positive ? Lexicon.GOOD : Lexicon.BAD));
        };
    }
}
