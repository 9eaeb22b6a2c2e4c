package io.tessellate.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.evaluator.alert.AlertLogs;
import io.tessellate.pipeline.check.HistoryReader;
import io.tessellate.pipeline.check.PromiseCheck;
import io.tessellate.pipeline.report.CheckReport;
import io.tessellate.runtime.blob.DirectoryBlobStore;
import io.tessellate.runtime.kafka.KafkaClients;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 of the whole process and of single parts, again and again, while tasks are pushed: what was acknowledged is trained once
 * and measured, and all eight promises are kept. In the end the same tasks go into one more model that nobody disturbs, so that
 * what was killed and went on is held against what was not, bit for bit.
 */
@Tag("chaos")
class ChaosIT {
    private static final Duration PATIENCE = Duration.ofMinutes(15);
    private static final int SAME_INPUT = 7;

    @TempDir
    private Path directory;

    @Test
    void whateverIsKilledEveryPromiseIsKept() throws Exception {
        RunningTestStack.requireRegistry();
        ChaosSettings settings = ChaosSettings.ofSystem(System.currentTimeMillis());
        say("seed %d; the same again with %s".formatted(settings.seed(), settings.repeat()));
        Path data = directory.resolve("data");
        Set<String> seen = ConcurrentHashMap.newKeySet();
        ChaosTasks tasks = new ChaosTasks(data, directory);
        long end = System.nanoTime() + settings.length().toNanos();
        try (WebhookEndpoint endpoint = new WebhookEndpoint(attempt -> !seen.add(attempt.id()));
                ChaosStack stack = new ChaosStack(
                        data, endpoint.flags("chaos"), new SplittableRandom(settings.seed()), ChaosIT::say)) {
            int round = 0;
            do {
                round++;
                disturbed(round, settings, stack, tasks, data);
            } while (System.nanoTime() < end);
            say("the same tasks undisturbed");
            tasks.register("calm");
            tasks.push(ChaosTasks.of("calm", true));
            tasks.awaitMeasured(ChaosTasks.of("calm", true));
            PromiseCheck check = keepsItsPromises(stack);
            assertThat(check.verdicts().get(SAME_INPUT - 1).found()).doesNotContain(" 0 of them trained again");
            everyAlertWasHeard(stack, endpoint);
        }
    }

    private void disturbed(int round, ChaosSettings settings, ChaosStack stack, ChaosTasks tasks, Path data)
            throws Exception {
        String one = "a" + round;
        String other = "b" + round;
        tasks.register(one);
        tasks.register(other);
        List<List<String>> pushed = List.of(ChaosTasks.of(one, true), ChaosTasks.of(other, false));
        ExecutorService pushers = Executors.newFixedThreadPool(pushed.size());
        try {
            List<Future<?>> pushes = new ArrayList<>();
            pushed.forEach(each -> pushes.add(pushers.submit(() -> tasks.push(each))));
            awaitCheckpoint(data);
            stack.killWhole();
            for (int kill = 1; kill < settings.kills(); kill++) {
                stack.killSomething();
            }
            for (Future<?> push : pushes) {
                push.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        } finally {
            pushers.shutdownNow();
        }
        say("waiting for quiet");
        tasks.awaitMeasured(pushed.stream().flatMap(List::stream).toList());
        keepsItsPromises(stack);
    }

    /** That records were put aside was told, to an endpoint that refuses the first attempt of each: every alert under one id with one body, none lost. */
    private static void everyAlertWasHeard(ChaosStack stack, WebhookEndpoint endpoint) {
        try (KafkaClients clients = new KafkaClients(stack.file().kafka("chaos"));
                AlertLogs logs = new AlertLogs(clients)) {
            logs.start();
            Set<String> raised = new TreeSet<>();
            Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
                logs.book()
                        .alerts(Instant.now())
                        .forEach(listed -> raised.add(listed.alert().id()));
                assertThat(raised).isNotEmpty();
                assertThat(endpoint.attempts().stream()
                                .filter(WebhookEndpoint.Attempt::taken)
                                .map(WebhookEndpoint.Attempt::id))
                        .containsAll(raised);
            });
            List<WebhookEndpoint.Attempt> attempts = endpoint.attempts();
            assertThat(attempts.stream().map(WebhookEndpoint.Attempt::body).distinct())
                    .as("one body under one id, however often it was sent")
                    .hasSameSizeAs(attempts.stream()
                            .map(WebhookEndpoint.Attempt::id)
                            .distinct()
                            .toList());
            say("%d alerts raised, each heard; %d attempts".formatted(raised.size(), attempts.size()));
        }
    }

    /** A checkpoint on disk means that training is under way and that there is something to resume from. */
    private static void awaitCheckpoint(Path data) {
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> {
            try (Stream<Path> files = Files.walk(data.resolve("worker"))) {
                return files.anyMatch(file -> file.endsWith("checkpoints/checkpoint"));
            } catch (UncheckedIOException | IOException e) {
                return false; // a file went away during the walk
            }
        });
    }

    private static PromiseCheck keepsItsPromises(ChaosStack stack) {
        var file = stack.file();
        try (KafkaClients clients = new KafkaClients(file.kafka("chaos"));
                HistoryReader reader = new HistoryReader(clients, new DirectoryBlobStore(Path.of(file.blobs())))) {
            // What a killed push had sent is counted a moment after everything else is done.
            PromiseCheck check = Awaitility.await("nothing is left open")
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> PromiseCheck.of(reader.read()), now -> now.settled() || !now.kept());
            String report = new CheckReport(check).text();
            report.lines().forEach(ChaosIT::say);
            assertThat(check.kept()).as(report).isTrue();
            assertThat(check.settled()).as(report).isTrue();
            return check;
        }
    }

    private static void say(String what) {
        System.out.println("chaos: " + what);
    }
}
