package io.tessellate.pipeline.demo.data;

import java.util.List;

/** Sentences, half of them with one fault: the verb, the determiner or the verb form does not agree. */
final class Acceptability implements ExampleMaker {
    @Override
    public String name() {
        return "acceptability";
    }

    @Override
    public List<String> labels() {
        return List.of("unacceptable", "acceptable");
    }

    @Override
    public DemoExample example(Speaker speaker, int label) {
        return DemoExample.of(sentence(speaker, label == 1) + " .", label);
    }

    static String sentence(Speaker speaker, boolean acceptable) {
        return switch (speaker.below(3)) {
            case 0 -> verbAgreement(speaker, acceptable);
            case 1 -> determinerAgreement(speaker, acceptable);
            default -> verbForm(speaker, acceptable);
        };
    }

    /** The noun next to the verb is not its subject, so that neighbours do not give the answer away. */
    private static String verbAgreement(Speaker s, boolean acceptable) {
        boolean plural = s.chance(0.5);
        String verb = s.verb().present(plural == acceptable);
        return "the %s near the %s %s the %s"
                .formatted(
                        s.living().form(plural),
                        s.anything().form(s.chance(0.5)),
                        verb,
                        s.anything().singular());
    }

    private static String determinerAgreement(Speaker s, boolean acceptable) {
        boolean plural = s.chance(0.5);
        String determiner = plural == acceptable ? s.oneOf("these", "those") : s.oneOf("this", "that");
        return "the %s %s %s %s %s"
                .formatted(
                        s.person(),
                        s.verb().past(),
                        determiner,
                        s.pick(Lexicon.COLOURS),
                        s.anything().form(plural));
    }

    private static String verbForm(Speaker s, boolean acceptable) {
        Lexicon.Verb verb = s.verb();
        return s.chance(0.5)
                ? "the %s did %s the %s".formatted(s.person(), acceptable ? verb.base() : verb.past(), s.person())
                : "the %s will %s the %s"
                        .formatted(
                                s.person(),
                                acceptable ? verb.base() : verb.thirdPerson(),
                                s.anything().singular());
    }
}
