package io.tessellate.pipeline.demo.data;

import io.tessellate.pipeline.demo.data.Lexicon.Noun;
import io.tessellate.pipeline.demo.data.Lexicon.Verb;
import java.util.List;

/**
 * Pairs of sentences: does the second say what the first says? A paraphrase changes the voice or takes another word for
 * the verb; what is none has the roles exchanged or another person in it.
 */
final class Paraphrase implements ExampleMaker {
    @Override
    public String name() {
        return "paraphrase";
    }

    @Override
    public List<String> labels() {
        return List.of("different", "same");
    }

    @Override
    public DemoExample example(Speaker speaker, int label) {
        Noun agent = speaker.living();
        Noun patient = speaker.otherThan(agent);
        int verb = speaker.below(Lexicon.VERBS.size());
        String first = statement(speaker, agent, Lexicon.VERBS.get(verb), patient);
        String second = label == 1
                ? statement(speaker, agent, sameMeaning(speaker, verb), patient)
                : different(speaker, agent, sameMeaning(speaker, verb), patient);
        return new DemoExample(first + " .", second + " .", label);
    }

    private static String different(Speaker speaker, Noun agent, Verb verb, Noun patient) {
        return switch (speaker.below(3)) {
            case 0 -> statement(speaker, speaker.otherThan(agent), verb, patient);
            case 1 -> statement(speaker, agent, verb, speaker.otherThan(patient));
            default -> statement(speaker, patient, verb, agent);
        };
    }

    private static Verb sameMeaning(Speaker speaker, int verb) {
        return Lexicon.VERBS.get(speaker.chance(0.5) ? verb : verb ^ 1);
    }

    private static String statement(Speaker speaker, Noun agent, Verb verb, Noun patient) {
        return speaker.chance(0.7)
                ? "the %s %s the %s".formatted(agent.singular(), verb.past(), patient.singular())
                : "the %s was %s by the %s".formatted(patient.singular(), verb.participle(), agent.singular());
    }
}
