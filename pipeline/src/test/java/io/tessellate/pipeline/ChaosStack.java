package io.tessellate.pipeline;

import io.tessellate.pipeline.stack.StackFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.awaitility.Awaitility;

/** A stack that is killed again and again, whole or in parts, and started again. */
final class ChaosStack implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(15);
    private static final List<String> SERVICES = List.of("ingest", "registry", "worker", "evaluator");

    private final Path data;
    private final SplittableRandom random;
    private final Consumer<String> say;
    private StackProcess current;
    private final String[] flags;
    private int parts;

    /**
     * One that is ready.
     *
     * @param flags of every start
     */
    ChaosStack(Path data, String[] flags, SplittableRandom random, Consumer<String> say) {
        this.data = data;
        this.random = random;
        this.say = say;
        this.flags = flags.clone();
        this.current = StackProcess.up(data, flags).awaitReady();
    }

    /** What can be killed. */
    private enum Victim {
        WHOLE,
        WHOLE_WHILE_STARTING,
        SCHEMA_REGISTRY,
        PART
    }

    StackFile file() {
        return current.file().orElseThrow();
    }

    /** Kills something a random while after now, and waits until everything is ready again. */
    void killSomething() throws InterruptedException {
        Victim victim = Victim.values()[random.nextInt(Victim.values().length)];
        pause(random.nextInt(5_000));
        switch (victim) {
            case WHOLE -> killWhole();
            case WHOLE_WHILE_STARTING -> killWhileStarting();
            case SCHEMA_REGISTRY -> killSchemaRegistry();
            case PART -> killPart();
        }
    }

    void killWhole() throws InterruptedException {
        say.accept("kill -9 of the whole process");
        current.kill();
        current = StackProcess.up(data, flags).awaitReady();
    }

    private void killWhileStarting() throws InterruptedException {
        say.accept("kill -9 of the whole process");
        current.kill();
        current = StackProcess.up(data, flags);
        int pause = 500 + random.nextInt(8_000);
        pause(pause);
        say.accept("kill -9 again, %d ms into its start".formatted(pause));
        current.kill();
        current = StackProcess.up(data, flags).awaitReady();
    }

    /** The stack starts it again; or ends, as it says, and is started again here as a person would. */
    private void killSchemaRegistry() throws InterruptedException {
        List<ProcessHandle> children = current.children();
        say.accept("kill -9 of the schema registry, %d processes".formatted(children.size()));
        children.forEach(ProcessHandle::destroyForcibly);
        Awaitility.await("a new schema registry, or the end of the stack")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(300))
                .until(() -> !current.isAlive()
                        || current.isReady() && !current.children().isEmpty());
        if (!current.isAlive()) {
            say.accept("the stack has ended by itself");
            current = StackProcess.up(data, flags);
        }
        current.awaitReady();
    }

    /** A second process of one service joins the stack's own, takes over a share of its work, and dies with it. */
    private void killPart() throws InterruptedException {
        String service = SERVICES.get(random.nextInt(SERVICES.size()));
        StackProcess part = StackProcess.part(service, Path.of(data + "-part-" + parts++), file());
        part.awaitReady();
        int pause = random.nextInt(3_000);
        pause(pause);
        say.accept("kill -9 of a second %s, %d ms after it was ready".formatted(service, pause));
        part.kill();
    }

    private static void pause(int millis) {
        Awaitility.await()
                .pollDelay(Duration.ofMillis(millis))
                .atMost(Duration.ofMillis(millis).plusSeconds(30))
                .until(() -> true);
    }

    @Override
    public void close() throws InterruptedException {
        current.end();
    }
}
