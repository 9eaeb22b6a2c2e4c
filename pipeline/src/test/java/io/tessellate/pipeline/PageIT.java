package io.tessellate.pipeline;

import static io.tessellate.evaluator.dashboard.fixture.BrowsedPage.DESK;
import static io.tessellate.evaluator.dashboard.fixture.BrowsedPage.PHONE;
import static io.tessellate.evaluator.dashboard.fixture.BrowsedPage.WALL;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tessellate.engine.model.fixture.TinyBase;
import io.tessellate.evaluator.dashboard.fixture.BrowsedPage;
import io.tessellate.evaluator.http.HttpSender;
import io.tessellate.evaluator.webhook.WebhookService;
import io.tessellate.evaluator.webhook.WebhookSettings;
import io.tessellate.event.RegistryEvent;
import io.tessellate.id.Sha256;
import io.tessellate.runtime.retry.Backoff;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/** The page in a real browser over a running stack: every panel filled by a real run, every button acting, none of them unasked. */
@ExtendWith(SharedStack.class)
class PageIT {
    private static final String MODEL = "stage";
    private static final TinyTask COLOURS = new TinyTask("red", "blue", 48, 16, 1);
    private static final String WHY = "answers got worse";

    private final RunningTestStack tessellate;
    private final PushedTasks tasks;
    private final Path directory;

    PageIT(RunningTestStack tessellate, @TempDir Path directory) throws IOException {
        this.tessellate = tessellate;
        this.directory = directory;
        this.tasks = new PushedTasks(tessellate, directory, TinyBase.write(directory.resolve("base")));
    }

    @Test
    void everyPanelIsFilledAndEveryButtonActs() throws Exception {
        tasks.register(MODEL, "--forgetting-budget", "1");
        tasks.push("stage/colours", COLOURS, "--method", "lotto", "--density", "0.1");
        tasks.push("stage/animals", new TinyTask("cat", "dog", 48, 16, 2), "--method", "lotto", "--density", "0.1");
        questionsAreAskedAndTheirLabelsComeBack();
        try (WebhookService webhooks = toNobody();
                BrowsedPage page = new BrowsedPage(directory.resolve("profile"))) {
            webhooks.start();
            page.resize(DESK);
            page.browser().get(tessellate.stack().file().http() + "/#model=" + MODEL);
            page.eventually(() -> page.count("#matrix tbody tr") == 2);
            saysHowSureItIsAndWhy(page);
            followsAVersionToItsOffsets(page);
            asksEveryTaskInBothViews(page);
            saysWhereADropComesFrom(page);
            nothingActsUnconfirmedOrTwice(page);
            cancelsWhatTrains(page);
            aRefusalIsSaidAndAModelGoesOn(page);
            anAlertIsLookedAfterAndSilenced(page);
            saysWhatADatasetWouldMeet(page);
            whatNothingNamesIsSeenBeforeItGoes(page);
            assertThat(page.complaints()).isEmpty();
            anotherSiteCannotAct(page);
        }
    }

    /** The eval split, asked again as somebody's questions. */
    private void questionsAreAskedAndTheirLabelsComeBack() throws Exception {
        try (ForeignProducer foreign = new ForeignProducer(tessellate.stack().file())) {
            foreign.create("predict.stage.colours", Map.of());
            foreign.create("labels.stage.colours", Map.of());
            for (TinyTask.Sentence sentence : COLOURS.eval()) {
                String id = sentence.id();
                foreign.send("predict.stage.colours", null, json(Map.of("id", id, "text", sentence.text())), null);
                foreign.send("labels.stage.colours", null, json(Map.of("id", id, "label", sentence.label())), null);
            }
        }
    }

    private static byte[] json(Map<String, Object> value) throws IOException {
        return JsonMapper.builder().build().writeValueAsBytes(value);
    }

    /** Sends this stack's alerts to an endpoint that nobody serves, and soon gives up. */
    private WebhookService toNobody() {
        tessellate.stack().logs().start();
        WebhookSettings settings = new WebhookSettings(
                List.of(WebhookEndpoint.of("page-dead", "http://127.0.0.1:1/")),
                Optional.of("http://page.example"),
                Backoff.steady(Duration.ofMillis(200), 2),
                Duration.ofSeconds(5));
        return new WebhookService(
                tessellate.stack().clients(),
                tessellate.stack().logs().alerts(),
                settings,
                new HttpSender(settings.timeout()),
                new SimpleMeterRegistry());
    }

    private void saysHowSureItIsAndWhy(BrowsedPage page) {
        page.click("button[data-verdict='2']");
        page.reads("#verdict", "PASS", "colours", "16");
        page.click("#matrix td[data-row='2'][data-column='1']");
        page.reads("#matrix-facts", "colours at version 2", "95 % interval", "(Wilson)", "16 examples");
        page.browser().switchTo().activeElement().sendKeys(Keys.ARROW_RIGHT);
        page.reads("#matrix-facts", "animals at version 2", "just learnt");
    }

    private void followsAVersionToItsOffsets(BrowsedPage page) {
        page.click("#versions button[data-lineage='2']");
        page.reads("#lineage", "version 2, trained on version 1", "tasks.stage.colours", "48 examples to train on");
        page.opened("#lineage details[data-key='offsets']");
        page.reads("#lineage table", "Last offset", "63");
        RunningTestStack.Answer lineage = tessellate.run("lineage", MODEL, "2", "--output", "json");
        assertThat(lineage.json().at("/adapters/1/dataset/ranges/0/to").asLong())
                .isEqualTo(64);
        assertThat(lineage.json().at("/adapters/1/training/steps").asLong()).isPositive();
        assertThat(lineage.json().at("/adapters/1/trainedOn").asInt()).isEqualTo(1);
        assertThat(tessellate.run("lineage", MODEL).out()).contains("tasks.stage.animals 0:0-64");
        assertThat(tessellate.run("lineage", MODEL, "7").err()).contains("[UNKNOWN_VERSION]");
    }

    private void asksEveryTaskInBothViews(BrowsedPage page) throws IOException {
        page.write("#ask-text", "the red bird sings");
        page.click("#ask-do");
        page.reads("#ask-error", "token");
        page.write("#ask-token", token());
        page.click("#ask-do");
        page.eventually(() -> page.count("#ask-answers .labels") == 4);
        page.reads("#ask-answers tr[data-asked='colours'] td[data-view='task']", "red", "%", "version 1");
        page.reads("#ask-answers tr[data-asked='colours'] td[data-view='union']", "version 2");
    }

    private void saysWhereADropComesFrom(BrowsedPage page) throws IOException {
        page.browser().executeScript("const task = document.getElementById('blame-task'); task.value = 'colours';");
        page.write("#blame-token", token());
        page.click("#blame-do");
        page.reads("#blame", "colours", "animals, version 2", "came later", "16 examples");
        page.reads("#blame-do", "Find out");
    }

    private void nothingActsUnconfirmedOrTwice(BrowsedPage page) throws IOException {
        long before = events();
        page.click("#versions button[data-act='rollback'][data-version='1']");
        page.reads("#act", "Version 1 becomes champion again instead of version 2.", "animals");
        page.click("#act-do");
        page.reads("#act-error", "Say who you are");
        page.write("#act-who", "Ada");
        page.write("#act-why", WHY);
        page.write("#act-token", "of another server");
        page.click("#act-do");
        page.reads("#act-error", "NO_TOKEN");
        page.click("#act-leave");
        assertThat(events()).as("nothing was asked for").isEqualTo(before);

        page.click("#versions button[data-act='rollback'][data-version='1']");
        page.write("#act-why", WHY);
        page.write("#act-token", token());
        page.browser()
                .executeScript(
                        "const button = document.getElementById('act-do'); button.click(); button.click(); button.click();");
        page.reads("#notice", "Version 1 of stage is champion again.");
        page.reads("#versions tr[data-key='1']", "Champion");
        assertThat(events()).as("one click acts, three do not act thrice").isEqualTo(before + 1);
        assertThat(tasks.read(tessellate.stack().clients().topics().registry()).stream()
                        .filter(event -> event.getModel().equals(MODEL))
                        .map(RegistryEvent::getVersionRolledBack)
                        .filter(event -> event != null && event.getWhy().equals(WHY))
                        .map(event -> event.getWho()))
                .singleElement()
                .asString()
                .matches("Ada \\(token [0-9a-f]{8}\\)");
        confirm(page, "#versions button[data-act='promote'][data-version='2']", "held back is so no longer: animals");
        page.reads("#versions tr[data-key='2']", "Champion");
    }

    private void cancelsWhatTrains(BrowsedPage page) throws IOException {
        tasks.sendCalibrating("stage/verbs", new TinyTask("runs", "sings", 48, 16, 3));
        page.reads("#tasks tr[data-task='verbs']", "Training", " of ");
        confirm(page, "#tasks tr[data-task='verbs'] button[data-act='cancel']", "ends at its next step");
        page.reads("#tasks tr[data-task='verbs']", "Cancelled", "by Ada", WHY);
        assertThat(page.count("#tasks tr[data-task='verbs'] button")).isZero();
    }

    /** A stored file that was damaged: the act is refused in words, the model waits, and goes on when the file is back. */
    private void aRefusalIsSaidAndAModelGoesOn(BrowsedPage page) throws IOException {
        page.resize(DESK);
        Sha256 kept = tasks.line(MODEL).commit(2).adapter().sha256();
        Path file = tessellate.stack().blobs().fetch(kept);
        byte[] bytes = Files.readAllBytes(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Files.write(file, new byte[bytes.length]);

        ask(page, "#tasks tr[data-task='colours'] button[data-act='drop']", "animals is made");
        page.click("#act-do");
        page.reads("#act-error", "MODEL_PARKED");
        page.click("#act-leave");
        page.reads("#parked", "BLOB_DAMAGED");
        ask(page, "#parked button[data-act='resume']", "held against its digest");
        page.click("#act-do");
        page.reads("#act-error", "stays parked");
        Files.write(file, bytes);
        page.click("#act-do");
        page.reads("#notice", "stage goes on.");
        page.eventually(() -> !page.browser().findElement(By.id("parked")).isDisplayed());

        confirm(page, "#tasks tr[data-task='colours'] button[data-act='drop']", "animals is made");
        page.reads("#tasks tr[data-task='colours']", "Dropped", "by Ada");
        page.reads("#versions tr[data-key='3']", "composed of v2", "Champion");
        page.reads("#matrix tbody tr:last-child", "Version 3");
        assertThat(tasks.line(MODEL).holding(3).numbers()).containsExactly(2);
    }

    /** That the model was parked is an alert, of which nobody heard. */
    private void anAlertIsLookedAfterAndSilenced(BrowsedPage page) throws IOException {
        page.reads("#alerts .given-up", "page-dead did not hear of it in 2 tries", "It is not sent again");
        page.eventually(() -> page.opened("#alerts .given-up details"));
        page.reads("#alerts .given-up pre", "\"kind\"", "http://page.example/#model=stage");
        confirm(page, "#alerts button[data-act='acknowledge']", "counts as looked after");
        page.reads("#alerts .alert", "Acknowledged by Ada", WHY);
        confirm(page, "#alerts button[data-act='silence']", "are not sent for the time you choose");
        page.reads("#alerts .alert", "Silenced until", "by Ada");
        confirm(page, "#alerts button[data-act='lift']", "are sent again from now on");
        page.eventually(() -> page.count("#alerts button[data-act='lift']") == 0);
        page.reads("#live tbody tr", "colours", "task", "accuracy", "16");
        page.reads("#live [data-counts='colours']", "16 answered, 16 labelled");
    }

    /** Of the task that was cancelled, whose mask would be sought for ever, until nobody asks any more; and of the one that was dropped. */
    private void saysWhatADatasetWouldMeet(BrowsedPage page) throws IOException {
        page.browser().executeScript("document.getElementById('forecast-task').value = 'verbs';");
        page.write("#forecast-token", token());
        page.click("#forecast-do");
        page.reads("#forecast", "calibrates", "step");
        page.browser().navigate().refresh();
        page.reads("#title", MODEL);
        page.browser().executeScript("document.getElementById('forecast-task').value = 'colours';");
        page.eventually(() -> {
            page.click("#forecast-do");
            page.eventually(() -> page.text("#forecast-do").equals("Forecast"));
            return !page.text("#forecast").contains("QUEUE_FULL");
        });
        page.reads(
                "#forecast",
                "colours by lotto",
                "on version 3: it fits",
                "Who owns what it wants",
                "12 of 48 examples");
        page.reads("#forecast", "animals", "Its gradient against theirs", "What is left in each layer");
        assertThat(page.text("#forecast-do")).isEqualTo("Forecast");
    }

    private void whatNothingNamesIsSeenBeforeItGoes(BrowsedPage page) throws IOException {
        Path file = Files.writeString(directory.resolve("some.bin"), "seen on the page");
        Path stored = tessellate
                .stack()
                .blobs()
                .fetch(tessellate.stack().blobs().put("some.bin", file).sha256());
        Files.setLastModifiedTime(stored, FileTime.from(Instant.now().minus(Duration.ofDays(40))));
        assertThat(page.count("#unused-remove")).isZero();
        page.browser().executeScript("document.getElementById('unused-age').value = '30d';");
        page.write("#unused-token", token());
        page.click("#unused-do");
        page.reads("#unused", "1 of them, 16 bytes", "Files that no event names");
        page.judge("a real run", PHONE, DESK, WALL);
        page.resize(DESK);
        assertThat(stored).exists();
        confirm(page, "#unused-remove", "deleted from the disk, 16 bytes");
        page.reads("#notice", "1 of 1 removed, 16 bytes.");
        assertThat(stored).doesNotExist();
        assertThat(page.count("#unused-remove")).isZero();
        page.click("#unused-do");
        page.reads("#unused", "Nothing to remove");
    }

    /** Neither by a request with headers, which a browser asks leave for, nor by one without, which it sends at once. */
    private void anotherSiteCannotAct(BrowsedPage page) throws IOException {
        long before = events();
        page.browser().get("data:text/html,<title>another site</title>");
        String script = """
                const done = arguments[arguments.length - 1];
                const path = arguments[0] + '/api/v1/models/stage/rollback';
                const body = '{"version":2,"why":"a trap"}';
                Promise.allSettled([
                  fetch(path, { method: 'POST', body, headers: { Authorization: `Bearer ${arguments[1]}` } }),
                  fetch(path, { method: 'POST', body, mode: 'no-cors' }),
                ]).then((both) => done(both.map((each) => each.status === 'fulfilled' && each.value.type !== 'opaque').join()));
                """;
        assertThat(page.browser()
                        .executeAsyncScript(script, tessellate.stack().file().http(), token()))
                .isEqualTo("false,false");
        assertThat(events()).isEqualTo(before);
        assertThat(tasks.line(MODEL).champion().orElse(0)).isEqualTo(3);
    }

    /** Opens the question of a button and waits until it says what would happen. */
    private void ask(BrowsedPage page, String button, String what) throws IOException {
        page.click(button);
        page.reads("#act-what", what);
        page.write("#act-why", WHY);
        page.write("#act-token", token());
    }

    private void confirm(BrowsedPage page, String button, String what) throws IOException {
        ask(page, button, what);
        page.click("#act-do");
        page.eventually(() -> page.count("dialog[open]") == 0);
    }

    /** How many events there are of the model. */
    private long events() {
        return tasks.read(tessellate.stack().clients().topics().registry()).stream()
                .filter(event -> event.getModel().equals(MODEL))
                .count();
    }

    private String token() throws IOException {
        return Files.readString(Path.of(tessellate.stack().file().token())).strip();
    }
}
