package io.tessellate.pipeline.demo.data;

import java.util.List;

/** The words of the generated language, by the role they play. */
final class Lexicon {
    static final List<Noun> PEOPLE =
            nouns("painter doctor farmer king teacher sailor baker lawyer singer queen judge pilot");
    static final List<Noun> ANIMALS = nouns("dog cat horse bird lion rabbit bear duck");
    static final List<Noun> THINGS =
            nouns("book letter picture table lamp clock bottle hat coin ring boat basket hammer mirror drum ladder");
    static final List<Noun> PLACES =
            nouns("garden house school market river forest bridge castle station island village harbour museum tower");
    static final List<String> CITIES =
            words("paris london rome cairo tokyo delhi lima oslo boston berlin madrid vienna prague athens");
    static final List<String> MONTHS =
            words("january february march april may june july august september october november december");
    static final List<String> DAYS = words("monday tuesday wednesday thursday friday saturday sunday");
    static final List<String> NUMBERS = words("two three four five six seven eight nine ten twenty");

    /** Transitive verbs. Verbs next to each other (0-1, 2-3, ...) mean the same. */
    static final List<Verb> VERBS =
            verbs("see:saw:seen notice:noticed:noticed buy:bought:bought purchase:purchased:purchased"
                    + " break:broke:broken damage:damaged:damaged find:found:found discover:discovered:discovered"
                    + " help:helped:helped assist:assisted:assisted chase:chased:chased follow:followed:followed"
                    + " praise:praised:praised admire:admired:admired carry:carried:carried move:moved:moved"
                    + " visit:visited:visited call:called:called");

    static final List<String> ASPECTS = words("plot acting music ending story script cast opening");
    static final List<String> GOOD = words("wonderful brilliant charming funny clever fresh superb lovely");
    static final List<String> BAD = words("dull awful boring clumsy weak stupid tedious ugly");
    static final List<String> LIKED = words("loved enjoyed liked");
    static final List<String> DISLIKED = words("hated disliked regretted");
    static final List<String> NEGATIONS = List.of("not", "hardly", "never");
    static final List<String> INTENSIFIERS = words("very really quite truly rather");
    static final List<String> COLOURS = words("red green blue white black old new small large young");

    static final List<List<String>> TOPICS = List.of(
            words("team goal match player coach league score ball stadium trophy"),
            words("planet energy atom laboratory experiment theory telescope cell signal particle"),
            words("minister election parliament vote party law senate budget treaty president"),
            words("flour butter oven recipe onion sauce pepper salt dough soup"));
    static final List<String> TOPIC_NAMES = List.of("sport", "science", "politics", "cooking");

    private Lexicon() {}

    static List<String> words(String text) {
        return List.of(text.split(" "));
    }

    private static List<Noun> nouns(String text) {
        return words(text).stream().map(Noun::new).toList();
    }

    private static List<Verb> verbs(String text) {
        return words(text).stream().map(Verb::parse).toList();
    }

    /** A noun with a regular plural. */
    record Noun(String singular) {
        String plural() {
            return singular.endsWith("y") ? singular.substring(0, singular.length() - 1) + "ies" : singular + "s";
        }

        String form(boolean plural) {
            return plural ? plural() : singular;
        }
    }

    /** A transitive verb in the forms the grammar uses. */
    record Verb(String base, String past, String participle) {
        static Verb parse(String text) {
            String[] forms = text.split(":");
            return new Verb(forms[0], forms[1], forms[2]);
        }

        String thirdPerson() {
            return base.endsWith("y") && !base.endsWith("ay") && !base.endsWith("uy")
                    ? base.substring(0, base.length() - 1) + "ies"
                    : base + "s";
        }

        String present(boolean pluralSubject) {
            return pluralSubject ? base : thirdPerson();
        }
    }
}
