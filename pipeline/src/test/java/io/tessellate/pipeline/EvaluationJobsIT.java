package io.tessellate.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.model.fixture.TinyBase;
import io.tessellate.event.EvaluationCompleted;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Two evaluators, one of which is killed: a second process beside the stack's own. */
@ExtendWith(SharedStack.class)
class EvaluationJobsIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final RunningTestStack tessellate;
    private final Path directory;
    private final PushedTasks tasks;

    EvaluationJobsIT(RunningTestStack tessellate, @TempDir Path directory) throws IOException {
        this.tessellate = tessellate;
        this.directory = directory;
        this.tasks = new PushedTasks(tessellate, directory, TinyBase.write(directory.resolve("base")));
    }

    @Test
    void evaluatorsShareTheTasksOfAVersionAndWhatAKilledOneHadIsScoredByTheOtherOnce() throws Exception {
        tasks.register("shared", "--forgetting-budget", "1");
        StackProcess second = StackProcess.part(
                        "evaluator",
                        directory.resolve("second"),
                        tessellate.stack().file())
                .awaitReady();
        try {
            Awaitility.await().atMost(PATIENCE).until(() -> withJobs() == 2);
            push("colours", "red", "blue", 1);
            push("animals", "cat", "dog", 2);
            push("verbs", "runs", "sings", 3);
            assertThat(jobsOf(second))
                    .as("tasks of three neighbouring partitions are never all of one evaluator")
                    .isPositive();
        } finally {
            second.kill();
        }
        push("paces", "fast", "slow", 4);

        assertThat(withJobs()).isEqualTo(1);
        tasks.oneRowPerVersion("shared", 4);
        List<EvaluationCompleted> scores = tasks
                .read(tessellate.stack().clients().topics().evaluations())
                .stream()
                .filter(score -> score.getModel().equals("shared"))
                .toList();
        assertThat(scores)
                .extracting(score -> "%d %s %s".formatted(score.getVersion(), score.getTask(), score.getView()))
                .hasSize(2 * (1 + 2 + 3 + 4))
                .doesNotHaveDuplicates();
        assertThat(scores)
                .allSatisfy(score -> assertThat(score.getNotMeasured()).isNull());
        assertThat(tessellate.check("shared"::equals).kept()).isTrue();
    }

    private void push(String task, String zero, String one, int seed) throws IOException {
        tasks.push("shared/" + task, new TinyTask(zero, one, 64, 32, seed), "--method", "expander", "--density", "0.2");
    }

    /** How many members of the group have jobs to take. */
    private long withJobs() throws Exception {
        String group = tessellate.stack().clients().settings().topics().control() + "-evaluation-jobs";
        try (Admin admin = tessellate.stack().clients().admin()) {
            Collection<MemberDescription> members = admin.describeConsumerGroups(List.of(group))
                    .describedGroups()
                    .get(group)
                    .get(2, TimeUnit.MINUTES)
                    .members();
            return members.stream()
                    .filter(member -> !member.assignment().topicPartitions().isEmpty())
                    .count();
        }
    }

    /** How many jobs a process has done. */
    private static double jobsOf(StackProcess process) throws IOException, InterruptedException {
        URI metrics = URI.create(process.file().orElseThrow().http()).resolve("/metrics");
        String scraped = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
                .body();
        return scraped.lines()
                .filter(line -> line.startsWith("tessellate_evaluator_job_seconds_count"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
