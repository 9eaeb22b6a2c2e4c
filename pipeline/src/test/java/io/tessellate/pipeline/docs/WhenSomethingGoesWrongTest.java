package io.tessellate.pipeline.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.error.ErrorCode;
import io.tessellate.evaluator.view.TaskState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page for people who have met a code or a state. */
class WhenSomethingGoesWrongTest {
    private static final Path DOCS = Path.of("..", "docs");
    private static final Pattern ROW = Pattern.compile("\\| `([A-Z_]+)` \\|(.*)\\|");

    @Test
    void everyCodeHasItsRowAndEveryRowACode() throws IOException {
        assertThat(rows("## Codes"))
                .extracting(row -> row.group(1))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(ErrorCode.values()).map(ErrorCode::name).toList());
    }

    @Test
    void everyRowSaysWhereItShowsWhyAndWhatToDo() throws IOException {
        assertThat(rows("## Codes"))
                .allSatisfy(row -> assertThat(row.group(2).split("\\|"))
                        .as(row.group(1))
                        .hasSize(3)
                        .allSatisfy(cell -> assertThat(cell.strip()).isNotEmpty()));
    }

    @Test
    void everyStateOfATaskIsExplained() throws IOException {
        assertThat(rows("## States of a task"))
                .extracting(row -> row.group(1))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(TaskState.class.getPermittedSubclasses())
                        .map(state -> state.getSimpleName().toUpperCase(Locale.ROOT))
                        .toList());
    }

    @Test
    void readmeAndArchitecturePointToIt() throws IOException {
        String name = "when-something-goes-wrong.md";
        assertThat(Files.readString(DOCS.resolve("../README.md"))).contains("docs/" + name);
        assertThat(Files.readString(DOCS.resolve("architecture.md"))).contains(name);
    }

    private static List<Matcher> rows(String heading) throws IOException {
        String page = Files.readString(DOCS.resolve("when-something-goes-wrong.md"));
        String section = page.substring(page.indexOf(heading) + heading.length());
        int next = section.indexOf("\n## ");
        return (next < 0 ? section : section.substring(0, next))
                .lines()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .toList();
    }
}
