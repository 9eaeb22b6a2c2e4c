package io.tessellate.evaluator.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tessellate.evaluator.dashboard.fixture.Chromium;
import io.tessellate.runtime.http.HttpApi;
import io.tessellate.runtime.http.HttpSettings;
import io.tessellate.runtime.metrics.Metrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.logging.LogType;

/** The page in a real browser, fed live: nothing is ever reloaded. Leaves screenshots under {@code target/}. */
class DashboardIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

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
        browser.get(server.address() + "/");
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
    void thePageFollowsAModelFromNothingToItsFifthVersion() throws IOException {
        eventually(() -> text("#welcome").contains("tessellate models register"));
        eventually(() -> text("#link").equals("Live"));

        sample.register();
        eventually(() -> text("#title").equals("support-bot"));
        assertThat(text("#matrix")).contains("No version has been measured yet", "tessellate push support-bot/");
        assertThat(text("#tasks")).contains("tessellate push support-bot/");

        showsTheFirstFourTasks();
        switchesViews();
        showsProgressWhileItHappens();
        showsWhatTheFifthTaskDid();
        isReadableWithoutSeeingIt();

        shoot("dashboard-light.png");
        Chromium.preferDark(browser);
        eventually(() -> style("body").contains("rgb(233, 235, 240)"));
        shoot("dashboard-dark.png");
        assertThat(browser.manage().logs().get(LogType.BROWSER).getAll())
                .as("what the browser complains of, the content security policy included")
                .isEmpty();
    }

    private void showsTheFirstFourTasks() {
        for (int task = 0; task < 4; task++) {
            sample.complete(task);
        }
        eventually(() -> all("#matrix tbody tr").size() == 4);
        assertThat(cell(1, 1)).isEqualTo("0.914");
        assertThat(cell(4, 1)).contains("0.879", "−0.035");
        assertThat(all("#matrix td.blank")).hasSize(6);
        eventually(() -> text("#summary").contains("v4"));
        eventually(() -> text("#owners").contains("10.0 %"));
        assertThat(all("#mosaic span[style]")).hasSize(100);
        eventually(() -> all("#tensors-table tbody tr").size() == 12);
        eventually(() -> text("#versions").contains("Champion"));
    }

    private void switchesViews() {
        browser.findElement(By.id("view-task")).click();
        eventually(() -> all("#matrix table[data-view=task]").size() == 1);
        for (int row = 1; row <= 4; row++) {
            assertThat(cell(row, 1)).contains("0.914");
        }
        assertThat(browser.findElement(By.id("view-task")).getAttribute("aria-pressed"))
                .isEqualTo("true");
        assertThat(browser.getCurrentUrl()).contains("view=task");
        browser.findElement(By.id("view-union")).click();
        eventually(() -> cell(4, 1).contains("0.879"));
    }

    private void showsProgressWhileItHappens() {
        sample.arrive(4);
        eventually(() -> row("topic").contains("Ready"));
        sample.train(4, "train", 24, 240, 0.693, 91);
        eventually(() -> row("topic").contains("24 of 240"));
        sample.train(4, "train", 143, 240, 0.4127, 38);
        eventually(() -> row("topic").contains("143 of 240 · loss 0.413 · 38 s left"));
        assertThat(all("#tasks progress")).hasSize(1);
        sample.reject("spam");
        eventually(() -> row("spam").contains("TOO_MANY_BAD_RECORDS"));
        assertThat(row("spam")).contains("412 × MISSING_FIELD the first: field 'text' is missing");
        eventually(() -> row("spam").contains("RECORDS_AT_RISK its topic keeps records for 1 h only"));
        eventually(() -> text("#dead-letters").contains("MISSING_FIELD 412"));
    }

    private void showsWhatTheFifthTaskDid() {
        sample.commit(4);
        eventually(() -> row("topic").contains("Measuring"));
        sample.evaluate(4);
        eventually(() -> all("#matrix tbody tr").size() == 5);
        assertThat(cell(5, 3)).contains("0.744", "−0.048");
        assertThat(all("#matrix .over")).hasSize(1);
        eventually(() -> text("#alerts").contains("Critical"));
        eventually(() -> text("#versions").contains("Quarantined"));
        assertThat(text("#summary")).contains("v4", "holds", "0.000");
    }

    private void isReadableWithoutSeeingIt() {
        assertThat(label("#accuracy-chart")).contains("Newest version: union view 0.847, task view 0.871");
        assertThat(label("#tensors-chart")).contains("12 parts", "50.0 % is free");
        browser.findElement(By.cssSelector("#metrics-body summary")).click();
        eventually(() -> text("#metrics-table").contains("0.847"));
        browser.findElement(By.cssSelector("#metrics-body summary")).click();
    }

    /** What is read of an element, read again if the page has replaced it meanwhile. */
    private String read(String selector, Function<WebElement, String> what) {
        return await().atMost(PATIENCE)
                .ignoreException(StaleElementReferenceException.class)
                .until(() -> what.apply(browser.findElement(By.cssSelector(selector))), Objects::nonNull);
    }

    private void eventually(BooleanSupplier condition) {
        await().atMost(PATIENCE)
                .ignoreException(StaleElementReferenceException.class)
                .until(condition::getAsBoolean);
    }

    private List<WebElement> all(String selector) {
        return browser.findElements(By.cssSelector(selector));
    }

    private String text(String selector) {
        return read(selector, WebElement::getText);
    }

    private String label(String selector) {
        return read(selector, element -> element.getAttribute("aria-label"));
    }

    private String style(String selector) {
        return browser.findElement(By.cssSelector(selector))
                .getCssValue("color")
                .replace("rgba", "rgb")
                .replace(", 1)", ")");
    }

    private String cell(int row, int column) {
        return text("#matrix td[data-row='%d'][data-column='%d']".formatted(row, column));
    }

    private String row(String task) {
        return await().atMost(PATIENCE)
                .ignoreException(StaleElementReferenceException.class)
                .until(() -> rowNow(task), Objects::nonNull);
    }

    private String rowNow(String task) {
        return all("#tasks tr[data-task='%s']".formatted(task)).stream()
                .map(WebElement::getText)
                .findFirst()
                .orElse("")
                .replace('\n', ' ');
    }

    private void shoot(String name) throws IOException {
        browser.executeScript("window.scrollTo(0, 0)");
        Path folder = Files.createDirectories(Path.of("target", "screenshots"));
        Files.write(folder.resolve(name), browser.getScreenshotAs(OutputType.BYTES));
    }
}
