package io.tessellate.evaluator.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tessellate.runtime.http.HttpApi;
import io.tessellate.runtime.http.HttpSettings;
import io.tessellate.runtime.metrics.Metrics;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.NotFoundException;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;

/** The page at every size, in both colours and every state, held to axe-core's rules; and with more than fits a screen. */
class BrowserPageIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final int PHONE = 360;
    private static final int DESK = 1400;
    private static final int WALL = 3840;
    private static final String AXE = """
            const done = arguments[arguments.length - 1];
            axe.run(document, { resultTypes: ['violations'] }).then((found) => done(found.violations
              .filter((each) => ['serious', 'critical'].includes(each.impact))
              .map((each) => `${each.id}: ${each.nodes.slice(0, 3).map((node) => `${node.html} ${node.failureSummary}`).join('; ')}`)),
              (error) => done([String(error)]));
            """;

    private ChromeDriver browser;
    private SampleStream sample;
    private Dashboard dashboard;
    private HttpApi server;

    @BeforeEach
    void open(@TempDir Path directory) {
        browser = Chromium.start(directory.resolve("profile"));
        sample = new SampleStream("support-bot", directory);
        dashboard = new Dashboard(sample.sources());
        server = new HttpApi("dashboard", HttpSettings.local(0), List.of(), new Metrics(), dashboard::routes);
        server.start();
    }

    @AfterEach
    void close() {
        if (browser != null) {
            browser.quit();
        }
        if (server != null) {
            dashboard.close();
            server.close();
        }
    }

    @Test
    void nothingSeriousIsFoundInAnyStateAtAnySize() throws IOException {
        browser.get(server.address() + "/");
        eventually(() -> text("#welcome").contains("tessellate models register"));
        judge("nothing registered", PHONE, DESK);
        sample.register();
        eventually(() -> text("#title").equals("support-bot"));
        judge("no task", PHONE, DESK);
        for (int task = 0; task < 4; task++) {
            sample.complete(task);
        }
        sample.arrive(4);
        for (int step = 0; step <= 140; step += 20) {
            sample.train(4, "train", step, 240, 0.7 - 0.002 * step, 38);
        }
        sample.reject("spam");
        eventually(() ->
                !browser.findElements(By.cssSelector("#tasks .curve polyline")).isEmpty());
        eventually(() -> opened(".letter") && text(".letter pre").contains("buy now"));
        judge("a training", PHONE, DESK, WALL);
        sample.commit(4);
        sample.evaluate(4);
        eventually(() ->
                !browser.findElements(By.cssSelector("#matrix tr.quarantined")).isEmpty());
        judge("a quarantined version", PHONE, DESK);
    }

    @Test
    void aHundredTasksAndTwoHundredVersionsStayReadable() throws IOException {
        sample.register();
        sample.grow(100, 200);
        browser.get(server.address() + "/");
        eventually(() -> count("#matrix tbody tr") == 200);
        for (int width : new int[] {PHONE, DESK, WALL}) {
            resize(width);
            assertThat(number("return document.documentElement.scrollWidth - innerWidth"))
                    .as("the page itself does not scroll sideways at %d", width)
                    .isLessThanOrEqualTo(0);
            assertThat(number("const m = document.getElementById('matrix'); return m.scrollHeight - m.clientHeight"))
                    .as("the matrix scrolls inside itself at %d", width)
                    .isPositive();
        }
        shoot("dashboard-large.png");
        assertThat(text("#matrix tbody tr th")).isEqualTo("v200");
        browser.findElement(By.id("matrix-find")).sendKeys("task-04");
        eventually(() -> count("#matrix thead th") == 10);
        browser.findElement(By.id("matrix-find")).sendKeys(Keys.chord(Keys.CONTROL, "a"), "no such");
        eventually(() -> text("#matrix").contains("No task is called so"));
        browser.findElement(By.id("matrix-find")).sendKeys(Keys.chord(Keys.CONTROL, "a"), Keys.DELETE);
        browser.executeScript(
                "const o = document.getElementById('matrix-order'); o.value = 'lowest'; o.dispatchEvent(new Event('input'))");
        eventually(() -> text("#matrix thead th").startsWith("task-050"));
    }

    /** However often a training reports, a page hears of it four times a second. */
    @Test
    void aThousandReportsASecondAreThinnedByTheServer() {
        sample.register();
        sample.arrive(0);
        browser.get(server.address() + "/");
        eventually(() -> text("#tasks").contains("Ready"));
        browser.executeScript("""
                window.drawn = 0;
                window.since = performance.now();
                new MutationObserver(() => { window.drawn += 1; }).observe(document.getElementById('tasks'), { childList: true });
                """);
        int reports = 4000;
        for (int step = 1; step <= reports; step++) {
            sample.train(0, "train", step, reports, 0.5, 1);
        }
        eventually(() -> text("#tasks").contains("4,000 of 4,000"));
        double quarters = ((Number) Objects.requireNonNull(
                        browser.executeScript("return (performance.now() - window.since) / 250")))
                .doubleValue();
        assertThat(number("return window.drawn")).isPositive().isLessThanOrEqualTo((long) quarters + 2);
    }

    /** Opens what is folded; again where the page was drawn anew meanwhile. */
    private boolean opened(String selector) {
        WebElement folded = browser.findElement(By.cssSelector(selector));
        if (folded.getAttribute("open") == null) {
            folded.findElement(By.cssSelector("summary")).click();
        }
        return folded.getAttribute("open") != null;
    }

    private void judge(String state, int... widths) throws IOException {
        for (int width : widths) {
            resize(width);
            for (String scheme : List.of("light", "dark")) {
                prefer(scheme);
                assertThat(axe()).as("%s at %d, %s", state, width, scheme).isEmpty();
                shoot("page-%s-%d-%s.png".formatted(state.replace(' ', '-'), width, scheme));
            }
        }
    }

    private List<?> axe() throws IOException {
        if (Boolean.FALSE.equals(browser.executeScript("return 'axe' in window"))) {
            try (InputStream rules = Objects.requireNonNull(getClass().getResourceAsStream("/axe.min.js"))) {
                browser.executeScript(new String(rules.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return (List<?>) Objects.requireNonNull(browser.executeAsyncScript(AXE));
    }

    private void resize(int width) {
        browser.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", width < DESK ? 800 : 2160, "deviceScaleFactor", 1, "mobile", false));
        eventually(() -> number("return innerWidth") == width);
    }

    private void prefer(String scheme) {
        browser.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(
                                Map.of("name", "prefers-color-scheme", "value", scheme),
                                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
    }

    private long number(String script) {
        return ((Number) Objects.requireNonNull(browser.executeScript(script))).longValue();
    }

    private int count(String selector) {
        return browser.findElements(By.cssSelector(selector)).size();
    }

    private String text(String selector) {
        return browser.findElement(By.cssSelector(selector)).getText();
    }

    private void eventually(BooleanSupplier condition) {
        await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(NotFoundException.class)
                .ignoreException(StaleElementReferenceException.class)
                .until(condition::getAsBoolean);
    }

    private void shoot(String name) throws IOException {
        Path folder = Files.createDirectories(Path.of("target", "screenshots"));
        Files.write(folder.resolve(name), browser.getScreenshotAs(OutputType.BYTES));
    }
}
