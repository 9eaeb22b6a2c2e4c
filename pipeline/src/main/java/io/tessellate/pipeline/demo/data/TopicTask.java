package io.tessellate.pipeline.demo.data;

import java.util.List;

/** Reports of four fields, each with a word of another field in it. */
final class TopicTask implements ExampleMaker {
    @Override
    public String name() {
        return "topic";
    }

    @Override
    public List<String> labels() {
        return Lexicon.TOPIC_NAMES;
    }

    @Override
    public DemoExample example(Speaker speaker, int label) {
        List<String> own = Lexicon.TOPICS.get(label);
        List<String> other = Lexicon.TOPICS.get((label + 1 + speaker.below(3)) % 4);
        String text = switch (speaker.below(3)) {
            case 0 ->
                "the %s said the %s and the %s need a new %s"
                        .formatted(speaker.person(), speaker.pick(own), speaker.pick(other), speaker.pick(own));
            case 1 ->
                "in %s the %s of the %s was about the %s and the %s"
                        .formatted(
                                speaker.city(),
                                speaker.pick(own),
                                speaker.pick(own),
                                speaker.pick(other),
                                speaker.pick(own));
            default ->
                "after the %s a %s with the %s is what the %s wants"
                        .formatted(speaker.pick(other), speaker.pick(own), speaker.pick(own), speaker.person());
        };
        return DemoExample.of(text + " .", label);
    }

    /** A report that keeps to one field, as the base model reads them. */
    static String plainReport(Speaker speaker) {
        List<String> words = speaker.pick(Lexicon.TOPICS);
        return "the %s and the %s of the %s need a %s"
                .formatted(speaker.pick(words), speaker.pick(words), speaker.pick(words), speaker.pick(words));
    }
}
