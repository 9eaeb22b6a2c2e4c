package io.tessellate.pipeline.demo.data;

import java.util.List;

/** Questions by what they ask for; each also mentions people, places or times it does not ask for. */
final class QuestionType implements ExampleMaker {
    @Override
    public String name() {
        return "question";
    }

    @Override
    public List<String> labels() {
        return List.of("person", "place", "time", "number", "reason");
    }

    @Override
    public DemoExample example(Speaker speaker, int label) {
        String question = switch (label) {
            case 0 -> person(speaker);
            case 1 -> place(speaker);
            case 2 -> time(speaker);
            case 3 -> number(speaker);
            default -> reason(speaker);
        };
        String asked = speaker.chance(0.3) ? "please tell me %s".formatted(question) : question;
        return DemoExample.of(asked + " ?", label);
    }

    private static String person(Speaker s) {
        String verb = s.verb().past();
        return switch (s.below(3)) {
            case 0 ->
                "which %s %s the %s in %s"
                        .formatted(s.person(), verb, s.anything().singular(), s.city());
            case 1 ->
                "in %s the %s was %s by which %s"
                        .formatted(
                                s.pick(Lexicon.MONTHS),
                                s.anything().singular(),
                                s.verb().participle(),
                                s.person());
            default ->
                "who %s %s %s at the %s"
                        .formatted(verb, s.pick(Lexicon.NUMBERS), s.anything().plural(), s.place());
        };
    }

    private static String place(Speaker s) {
        String verb = s.verb().base();
        return switch (s.below(3)) {
            case 0 ->
                "in which city did the %s %s the %s"
                        .formatted(s.person(), verb, s.anything().singular());
            case 1 ->
                "at what %s did %s %s %s the %s"
                        .formatted(
                                s.place(),
                                s.pick(Lexicon.NUMBERS),
                                s.pick(Lexicon.PEOPLE).plural(),
                                verb,
                                s.person());
            default ->
                "where did the %s %s the %s in %s".formatted(s.person(), verb, s.person(), s.pick(Lexicon.MONTHS));
        };
    }

    private static String time(Speaker s) {
        String verb = s.verb().base();
        return switch (s.below(3)) {
            case 0 -> "in which month did the %s %s the %s in %s".formatted(s.person(), verb, s.person(), s.city());
            case 1 ->
                "on what day did the %s %s the %s near the %s"
                        .formatted(s.person(), verb, s.anything().singular(), s.place());
            default ->
                "when did %s %s %s the %s"
                        .formatted(
                                s.pick(Lexicon.NUMBERS), s.pick(Lexicon.PEOPLE).plural(), verb, s.person());
        };
    }

    private static String number(Speaker s) {
        String verb = s.verb().base();
        return switch (s.below(3)) {
            case 0 -> "how many %s did the %s %s in %s".formatted(s.anything().plural(), s.person(), verb, s.city());
            case 1 ->
                "in %s the %s saw how many %s"
                        .formatted(
                                s.pick(Lexicon.MONTHS), s.person(), s.anything().plural());
            default ->
                "what number of %s did the %s %s on %s"
                        .formatted(s.anything().plural(), s.person(), verb, s.pick(Lexicon.DAYS));
        };
    }

    private static String reason(Speaker s) {
        String verb = s.verb().base();
        return switch (s.below(3)) {
            case 0 -> "why did the %s %s the %s in %s".formatted(s.person(), verb, s.person(), s.city());
            case 1 ->
                "for what reason did the %s %s the %s in %s"
                        .formatted(s.person(), verb, s.anything().singular(), s.pick(Lexicon.MONTHS));
            default ->
                "how come the %s %s %s %s"
                        .formatted(
                                s.person(),
                                s.verb().past(),
                                s.pick(Lexicon.NUMBERS),
                                s.anything().plural());
        };
    }
}
