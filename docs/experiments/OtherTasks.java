import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes the tasks of {@code other.yaml}, {@code other-steps.yaml} and {@code other-texts.yaml} from sets that no reported table learns as they are: what a question of SQL-create-context asks for, how many
 * conditions its query has and how long it is, whether a sum of GSM8K takes few steps or many, where a sentence comes from, and how many words of RTE's second sentences are in the first. Classes are of equal size, in
 * turn, in the order of their sources. Texts: what a query of SQL-create-context answers, how MRPC says a sentence again, what follows from RTE's, how an entry of DBpedia goes on. {@code java docs/experiments/OtherTasks.java DATA OUT}
 */
class OtherTasks {
    private static final Pattern QUESTION = Pattern.compile("Question: (.*?)\\\\n(?:SQL|Answer):", Pattern.DOTALL);
    private static final Pattern TEXT = Pattern.compile("\"text\": ?\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern PAIR = Pattern.compile("\"text_pair\": ?\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern COMPLETION = Pattern.compile("\"completion\": ?\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern LABEL = Pattern.compile("\"label\": ?([0-9]+)");
    private static final Pattern FUNCTION = Pattern.compile("^\\s*SELECT (COUNT|MAX|MIN|AVG|SUM)\\(");
    private static final Pattern WORD = Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final int MOST = 2000;

    private final Path data;
    private final Path out;

    private OtherTasks(Path data, Path out) {
        this.data = data;
        this.out = out;
    }

    /** A text, still as it stands between quotes in JSON, a second one or none, and the label. */
    private record Example(String text, String pair, String label) {
        Example(String text, String label) {
            this(text, "", label);
        }

        String json(String id) {
            String second = pair.isEmpty() ? "" : "\"text_pair\": \"%s\", ".formatted(pair);
            return "{\"id\": \"%s\", \"text\": \"%s\", %s\"label\": %s}".formatted(id, text, second, label);
        }
    }

    /** What a model is to go on with, and how; still as both stand between quotes in JSON. */
    private record Text(String prompt, String completion) {
        String json(String id) {
            return "{\"id\": \"%s\", \"prompt\": \"%s\", \"completion\": \" %s\"}".formatted(id, prompt, completion);
        }
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            throw new IllegalArgumentException("give the folder of the data sets and the folder to write to");
        }
        OtherTasks tasks = new OtherTasks(Path.of(arguments[0]), Path.of(arguments[1]));
        for (String split : List.of("train", "eval")) {
            tasks.write("sql-function", split, balanced(tasks.sql(split, OtherTasks::function)), "none", "count", "extreme", "sum");
            tasks.write("sql-conditions", split, balanced(tasks.sql(split, OtherTasks::conditions)), "one", "two", "more");
            tasks.write("sums-steps", split, balanced(tasks.steps(split)), "few", "many");
            tasks.write("source", split, balanced(tasks.sources(split)), "sum", "sentence", "science");
            tasks.write("overlap", split, tasks.overlaps(split));
            tasks.write("sql-length", split, tasks.sql(split, OtherTasks::length));
            tasks.writeTexts("query-question", split, tasks.questions(split));
            tasks.writeTexts("paraphrase", split, tasks.pairs("mrpc", "1", split, "Again:"));
            tasks.writeTexts("entailed", split, tasks.pairs("rte", "0", split, "So:"));
            tasks.writeTexts("entry", split, tasks.entries(split));
        }
    }

    private List<Example> sql(String split, Function<String, String> label) throws IOException {
        List<Example> examples = new ArrayList<>();
        for (String line : lines("sql_create_context", split)) {
            examples.add(new Example(first(QUESTION, line).strip(), label.apply(first(COMPLETION, line))));
        }
        return examples;
    }

    private static String function(String query) {
        Matcher function = FUNCTION.matcher(query);
        if (!function.find()) {
            return "0";
        }
        return switch (function.group(1)) {
            case "COUNT" -> "1";
            case "MAX", "MIN" -> "2";
            default -> "3";
        };
    }

    private static String conditions(String query) {
        return String.valueOf(Math.min(2, query.split(" AND ", -1).length - 1));
    }

    /** Characters, thirty to a unit, at most five units. */
    private static String length(String query) {
        return String.valueOf(Math.min(5, query.replaceAll("\\\\(.)", "$1").length() / 30.0));
    }

    private List<Example> steps(String split) throws IOException {
        List<Example> examples = new ArrayList<>();
        for (String line : lines("gsm8k", split)) {
            int steps = first(COMPLETION, line).split("<<", -1).length - 1;
            if (steps == 1 || steps == 2 || steps >= 5) {
                examples.add(new Example(first(QUESTION, line).strip(), steps >= 5 ? "1" : "0"));
            }
        }
        return examples;
    }

    private List<Example> sources(String split) throws IOException {
        List<Example> examples = new ArrayList<>();
        for (String line : lines("gsm8k", split)) {
            examples.add(new Example(first(QUESTION, line).strip(), "0"));
        }
        for (String line : lines("cola", split)) {
            examples.add(new Example(first(TEXT, line), "1"));
        }
        for (String line : lines("arc_easy", split)) {
            examples.add(new Example(first(QUESTION, line).strip(), "2"));
        }
        return examples;
    }

    /** The share of the second sentence's words that are in the first, five for all. */
    private List<Example> overlaps(String split) throws IOException {
        List<Example> examples = new ArrayList<>();
        for (String line : lines("rte", split)) {
            String text = first(TEXT, line);
            String pair = first(PAIR, line);
            Set<String> words = words(pair);
            Set<String> shared = new HashSet<>(words);
            shared.retainAll(words(text));
            double share = words.isEmpty() ? 0 : (double) shared.size() / words.size();
            examples.add(new Example(text, pair, String.valueOf(Math.rint(500 * share) / 100)));
        }
        return examples;
    }

    private List<Text> questions(String split) throws IOException {
        List<Text> texts = new ArrayList<>();
        for (String line : lines("sql_create_context", split)) {
            texts.add(new Text(first(COMPLETION, line).strip() + "\\nQuestion:", first(QUESTION, line).strip()));
        }
        return texts;
    }

    /** Of pairs with this label the second one is to be told from the first. */
    private List<Text> pairs(String set, String label, String split, String cue) throws IOException {
        List<Text> texts = new ArrayList<>();
        for (String line : lines(set, split)) {
            if (first(LABEL, line).equals(label)) {
                texts.add(new Text(first(TEXT, line) + "\\n" + cue, first(PAIR, line)));
            }
        }
        return texts;
    }

    /** Eight words, and the sixteen that follow. */
    private List<Text> entries(String split) throws IOException {
        List<Text> texts = new ArrayList<>();
        for (String line : lines("dbpedia14", split)) {
            List<String> words = List.of(first(TEXT, line).strip().split(" +"));
            if (words.size() > 8) {
                texts.add(new Text(
                        String.join(" ", words.subList(0, 8)),
                        String.join(" ", words.subList(8, Math.min(24, words.size())))));
            }
        }
        return texts;
    }

    private static Set<String> words(String text) {
        return new HashSet<>(WORD.matcher(text.toLowerCase(Locale.ROOT)).results().map(MatchResult::group).toList());
    }

    private List<String> lines(String set, String split) throws IOException {
        return Files.readAllLines(data.resolve(set).resolve(split + ".jsonl"));
    }

    private static String first(Pattern pattern, String line) {
        Matcher matcher = pattern.matcher(line);
        if (!matcher.find()) {
            throw new IllegalArgumentException("a line has no match for " + pattern + ": " + line);
        }
        return matcher.group(1);
    }

    private static List<Example> balanced(List<Example> examples) {
        Map<String, List<Example>> byLabel = new TreeMap<>();
        examples.forEach(example -> byLabel.computeIfAbsent(example.label(), label -> new ArrayList<>()).add(example));
        int each = Math.min(MOST, byLabel.values().stream().map(List::size).min(Comparator.naturalOrder()).orElseThrow());
        List<Example> balanced = new ArrayList<>();
        for (int n = 0; n < each; n++) {
            for (List<Example> one : byLabel.values()) {
                balanced.add(one.get(n));
            }
        }
        return balanced;
    }

    private void writeTexts(String task, String split, List<Text> texts) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Text text : texts) {
            lines.add(text.json(split + "-" + lines.size()));
        }
        writeLines(task, split, lines, "{\"task\": \"generation\"}");
    }

    /** Classes of these names, or values where none are named. */
    private void write(String task, String split, List<Example> examples, String... labels) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Example example : examples) {
            lines.add(example.json(split + "-" + lines.size()));
        }
        String meta = labels.length == 0
                ? "{\"task\": \"regression\"}"
                : "{\"task\": \"classification\", \"labels\": [\"%s\"], \"metric\": \"accuracy\"}"
                        .formatted(String.join("\", \"", labels));
        writeLines(task, split, lines, meta);
    }

    private void writeLines(String task, String split, List<String> lines, String meta) throws IOException {
        Path folder = Files.createDirectories(out.resolve(task));
        Files.write(folder.resolve(split + ".jsonl"), lines);
        Files.writeString(folder.resolve("meta.json"), meta);
        System.out.println(task + "/" + split + ": " + lines.size() + " examples");
    }
}
