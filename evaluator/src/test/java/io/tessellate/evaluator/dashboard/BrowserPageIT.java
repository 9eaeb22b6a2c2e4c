package io.tessellate.evaluator.dashboard;

import static io.tessellate.evaluator.dashboard.fixture.BrowsedPage.DESK;
import static io.tessellate.evaluator.dashboard.fixture.BrowsedPage.PHONE;
import static io.tessellate.evaluator.dashboard.fixture.BrowsedPage.WALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.evaluator.dashboard.fixture.BrowsedPage;
import io.tessellate.runtime.http.HttpApi;
import io.tessellate.runtime.http.HttpSettings;
import io.tessellate.runtime.metrics.Metrics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/** The page at every size, in both colours and every state, held to axe-core's rules; and with more than fits a screen. */
class BrowserPageIT {
    private BrowsedPage page;
    private SampleStream sample;
    private Dashboard dashboard;
    private HttpApi server;

    @BeforeEach
    void open(@TempDir Path directory) {
        page = new BrowsedPage(directory.resolve("profile"));
        sample = new SampleStream("support-bot", directory);
        dashboard = new Dashboard(sample.sources());
        server = new HttpApi("dashboard", HttpSettings.local(0), List.of(), new Metrics(), dashboard::routes);
        server.start();
    }

    @AfterEach
    void close() {
        if (page != null) {
            page.close();
        }
        if (server != null) {
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
        page.eventually(() -> !page.browser()
                .findElements(By.cssSelector("#matrix tr.quarantined"))
                .isEmpty());
        page.click("button[data-verdict='5']");
        page.reads("#verdict", "FAIL", "acceptability", "mcnemar-exact", "0.012");
        page.click("#matrix td[data-row='5'][data-column='3']");
        assertThat(page.text("#matrix-facts")).contains("0.744", "95 % interval", "500 examples", "−0.048");
        page.judge("a quarantined version", PHONE, DESK);
        page.click("button[data-act='promote'][data-version='5']");
        page.reads("#act", "Version 5 becomes champion instead of version 4.", "It failed its verdict.");
        page.judge("a confirmation", PHONE, DESK);
        page.browser().findElement(By.id("act-why")).sendKeys(Keys.ESCAPE);
        page.eventually(() -> page.count("dialog[open]") == 0);
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
}
