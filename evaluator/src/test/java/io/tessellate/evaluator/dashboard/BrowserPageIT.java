package io.tessellate.evaluator.dashboard;

import static io.tessellate.evaluator.dashboard.fixture.BrowsedPage.DESK;
import static io.tessellate.evaluator.dashboard.fixture.BrowsedPage.PHONE;
import static io.tessellate.evaluator.dashboard.fixture.BrowsedPage.WALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.javalin.config.JavalinConfig;
import io.tessellate.evaluator.dashboard.fixture.BrowsedPage;
import io.tessellate.runtime.http.HttpApi;
import io.tessellate.runtime.http.HttpSettings;
import io.tessellate.runtime.http.LineAnswer;
import io.tessellate.runtime.metrics.Metrics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/** The page at every size, in both colours and every state, held to axe-core's rules; and with more than fits a screen. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BrowserPageIT {
    private static final String TOKEN = "the-token-of-this-server";

    private BrowsedPage page;
    private SampleStream sample;
    private Dashboard dashboard;
    private HttpApi server;
    private LineAnswer answers;

    /** One browser for all of them: each has a server, so an origin, of its own. */
    @BeforeAll
    void browse(@TempDir Path profile) {
        page = new BrowsedPage(profile);
    }

    @AfterAll
    void leave() {
        if (page != null) {
            page.close();
        }
    }

    @BeforeEach
    void open(@TempDir Path directory) {
        page.resize(DESK);
        sample = new SampleStream("support-bot", directory);
        dashboard = new Dashboard(sample.sources());
        answers = new LineAnswer("questions", 1);
        var settings = new HttpSettings("127.0.0.1", 0, Optional.of(TOKEN), 1000);
        server = new HttpApi("dashboard", settings, List.of(), new Metrics(), this::routes);
        server.start();
    }

    @AfterEach
    void close() {
        if (server != null) {
            answers.close();
            dashboard.close();
            server.close();
        }
    }

    @Test
    void nothingSeriousIsFoundInAnyStateAtAnySize() throws IOException {
        page.browser().get(server.address() + "/");
        page.eventually(() -> page.text("#welcome").contains("tessellate models register"));
        page.judge("nothing registered", PHONE, DESK);
        sample.register();
        page.eventually(() -> page.text("#title").equals("support-bot"));
        page.judge("no task", PHONE, DESK);
        for (int task = 0; task < 4; task++) {
            sample.complete(task);
        }
        sample.arrive(4);
        for (int step = 0; step <= 140; step += 20) {
            sample.train(4, "train", step, 240, 0.7 - 0.002 * step, 38);
        }
        sample.reject("spam");
        page.eventually(() -> !page.browser()
                .findElements(By.cssSelector("#tasks .curve polyline"))
                .isEmpty());
        page.eventually(() -> page.opened(".letter") && page.text(".letter pre").contains("buy now"));
        page.judge("a training", PHONE, DESK, WALL);
        sample.commit(4);
        sample.evaluate(4);
        sample.live(3);
        page.eventually(() -> !page.browser()
                .findElements(By.cssSelector("#matrix tr.quarantined"))
                .isEmpty());
        page.click("button[data-verdict='5']");
        page.reads("#verdict", "FAIL", "acceptability", "mcnemar-exact", "0.012");
        page.click("#matrix td[data-row='5'][data-column='3']");
        assertThat(page.text("#matrix-facts")).contains("0.744", "95 % interval", "500 examples", "−0.048");
        page.reads("#live", "0.402", "0.846", "12 waiting for a label");
        assertThat(page.count("#live .over")).isEqualTo(1);
        page.eventually(() -> page.opened("#alerts .letter")
                && page.text("#alerts .letter pre").contains("nobody breaks"));
        page.reads("#alerts .given-up", "on-call did not hear of it", "12 tries", "503", "not sent again");
        page.judge("a quarantined version", PHONE, DESK);
        page.click("button[data-act='promote'][data-version='5']");
        page.reads("#act", "Version 5 becomes champion instead of version 4.", "It failed its verdict.");
        page.judge("a confirmation", PHONE, DESK);
        page.browser().findElement(By.id("act-why")).sendKeys(Keys.ESCAPE);
        page.eventually(() -> page.count("dialog[open]") == 0);
    }

    /** The page, and a question that is answered by nothing but how far it is, until whoever asked has gone. */
    private void routes(JavalinConfig config) {
        dashboard.routes(config);
        config.routes.post(
                "/api/v1/models/{model}/tasks/{task}/blame",
                context -> answers.send(context, (progress, cancellation) -> {
                    progress.accept(Map.of("doing", "scores with all", "scored", 1, "scorings", 4));
                    cancellation.pause(Duration.ofMinutes(5).toMillis());
                    return "nobody stopped it";
                }));
    }

    /** Whatever panel asks: what was said there goes with its model, and none of it is an error of a script. */
    @Test
    void whatWasAskedIsForgottenWithItsModel() {
        twoModels();
        List<String> panels = askingPanels();
        assertThat(panels).contains("ask", "blame", "forecast", "unused");
        for (String token : List.of("", "of-another-server")) {
            for (String panel : panels) {
                page.write("#%s-token".formatted(panel), token);
                if (panel.equals("ask")) {
                    page.write("#ask-text", "a text");
                }
                page.click("#%s-do".formatted(panel));
                page.eventually(() -> page.count(cardOf(panel) + " .problem:not([hidden])") > 0);
                assertThat(page.text("#%s-do".formatted(panel))).isNotEqualTo("Stop");
            }
            choose(token.isEmpty() ? "other-bot" : "support-bot");
            assertThat(page.count("#board .problem:not([hidden]):not(#unused *)"))
                    .isZero();
        }
        assertThat(page.complaints()).isEmpty();
    }

    /** By a button, by another model, by the end of the server: the work ends with the question, and the page says which it was. */
    @Test
    void aLongQuestionIsStoppedLeftAndCutOff() {
        twoModels();
        page.write("#blame-token", TOKEN);
        page.click("#blame-do");
        page.reads("#blame", "scores with all · 1 of at most 4 scorings");
        page.click("#blame-do");
        page.reads("#blame", "Stopped");
        askedAgain();
        choose("other-bot");
        page.reads("#blame", "Each adapter that came later");
        askedAgain();
        server.close();
        page.reads("#blame", "INTERRUPTED");
        page.reads("#blame-do", "Find out");
        assertThat(page.complaints()).isEmpty();
    }

    /** There is one place; until the work before has heard that nobody waits, it is taken. */
    private void askedAgain() {
        page.eventually(() -> {
            if (page.text("#blame-do").equals("Find out")) {
                page.click("#blame-do");
            }
            return page.text("#blame").contains("scores with all");
        });
    }

    private void twoModels() {
        SampleStream other = sample.beside("other-bot");
        for (SampleStream each : List.of(other, sample)) {
            each.register();
            each.complete(0);
            each.complete(1);
        }
        page.browser().get(server.address() + "/#model=support-bot");
        page.eventually(() -> page.count("#model option") == 2);
    }

    private void choose(String model) {
        page.browser()
                .executeScript(
                        "const m = document.getElementById('model'); m.value = arguments[0]; m.dispatchEvent(new Event('change'))",
                        model);
        page.reads("#title", model);
    }

    /** All there are: a panel that is added is held to the same. */
    private List<String> askingPanels() {
        return page.browser().findElements(By.cssSelector("#board form.ask")).stream()
                .map(form -> Objects.requireNonNull(form.getAttribute("id")).replace("-form", ""))
                .toList();
    }

    private static String cardOf(String panel) {
        return ".card:has(#%s-form)".formatted(panel);
    }

    @Test
    void aHundredTasksAndTwoHundredVersionsStayReadable() throws IOException {
        sample.register();
        sample.grow(100, 200);
        page.browser().get(server.address() + "/");
        page.eventually(() -> page.count("#matrix tbody tr") == 200);
        for (int width : new int[] {PHONE, DESK, WALL}) {
            page.resize(width);
            assertThat(page.number("return document.documentElement.scrollWidth - innerWidth"))
                    .as("the page itself does not scroll sideways at %d", width)
                    .isLessThanOrEqualTo(0);
            assertThat(page.number(
                            "const m = document.getElementById('matrix'); return m.scrollHeight - m.clientHeight"))
                    .as("the matrix scrolls inside itself at %d", width)
                    .isPositive();
        }
        page.shoot("dashboard-large.png");
        assertThat(page.text("#matrix tbody tr th")).isEqualTo("v200");
        page.browser().findElement(By.id("matrix-find")).sendKeys("task-04");
        page.eventually(() -> page.count("#matrix thead th") == 10);
        page.browser().findElement(By.id("matrix-find")).sendKeys(Keys.chord(Keys.CONTROL, "a"), "no such");
        page.eventually(() -> page.text("#matrix").contains("No task is called so"));
        page.browser().findElement(By.id("matrix-find")).sendKeys(Keys.chord(Keys.CONTROL, "a"), Keys.DELETE);
        page.browser()
                .executeScript(
                        "const o = document.getElementById('matrix-order'); o.value = 'lowest'; o.dispatchEvent(new Event('input'))");
        page.eventually(() -> page.text("#matrix thead th").startsWith("task-050"));
        numbersHaveNoSignedZero();
    }

    /** However often a training reports, a page hears of it four times a second. */
    @Test
    void aThousandReportsASecondAreThinnedByTheServer() {
        sample.register();
        sample.arrive(0);
        page.browser().get(server.address() + "/");
        page.eventually(() -> page.text("#tasks").contains("Ready"));
        page.browser().executeScript("""
                window.drawn = 0;
                window.since = performance.now();
                new MutationObserver(() => { window.drawn += 1; }).observe(document.getElementById('tasks'), { childList: true, subtree: true, characterData: true });
                """);
        int reports = 4000;
        for (int step = 1; step <= reports; step++) {
            sample.train(0, "train", step, reports, 0.5, 1);
        }
        page.eventually(() -> page.text("#tasks").contains("4,000 of 4,000"));
        double quarters = ((Number) Objects.requireNonNull(
                        page.browser().executeScript("return (performance.now() - window.since) / 250")))
                .doubleValue();
        assertThat(page.number("return window.drawn")).isPositive().isLessThanOrEqualTo((long) quarters + 2);
    }

    /** By the code that the page itself writes them with. */
    private void numbersHaveNoSignedZero() {
        Object written = page.browser().executeAsyncScript("""
                const done = arguments[arguments.length - 1];
                import('/format.js').then(({ fixed, score, signed, percent }) => done([
                  fixed(-0.0004, 3), score(-0.0004), signed(-0.0004), signed(0.0004), percent(-0.0001), score(-0.5), signed(0.5), signed(-0.5),
                ].join(' ')));
                """);
        assertThat(written).isEqualTo("0.000 0.000 0.000 0.000 0.0 % −0.500 +0.500 −0.500");
    }
}
