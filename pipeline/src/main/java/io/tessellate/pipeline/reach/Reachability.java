package io.tessellate.pipeline.reach;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.runtime.config.KafkaSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Whether broker and schema registry can be reached as configured. Clients of Kafka try for a minute and then say
 * "timeout", whatever the matter is; this says within ten seconds what it is.
 */
public final class Reachability {
    private static final long RETRY_MILLIS = 1000;

    private Reachability() {}

    /**
     * Asks both, at the same time.
     *
     * @throws TessellateException NOT_AUTHENTICATED where credentials or the security protocol do not fit,
     *     INVALID_CONFIGURATION where the settings make no sense, UNAVAILABLE_DEPENDENCY where nobody can be reached
     */
    public static void require(KafkaSettings settings) {
        List<TessellateException> problems =
                ask(List.of(new BrokerProbe(settings)::problem, new SchemaRegistryProbe(settings)::problem));
        if (problems.isEmpty()) {
            return;
        }
        TessellateException first = problems.get(0);
        throw new TessellateException(
                first.code(),
                problems.stream().map(TessellateException::getMessage).collect(Collectors.joining("; ")),
                first.getCause());
    }

    /**
     * Asks both again and again until they can be reached.
     *
     * @param say hears why they cannot, each time that changes
     * @throws TessellateException as {@link #require}: at once where waiting cannot help, else when the time is over
     */
    public static void await(KafkaSettings settings, Duration limit, Consumer<String> say) {
        long end = System.nanoTime() + limit.toNanos();
        String said = "";
        while (true) {
            try {
                require(settings);
                return;
            } catch (TessellateException e) {
                if (e.code() != ErrorCode.UNAVAILABLE_DEPENDENCY || System.nanoTime() > end) {
                    throw e;
                }
                if (!said.equals(e.getMessage())) {
                    said = e.getMessage();
                    say.accept("waiting: " + said);
                }
                pause();
            }
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TessellateException(ErrorCode.INTERRUPTED, "the look for broker and registry was interrupted", e);
        }
    }

    /** What stands in the way to the broker; empty if nothing does. */
    public static Optional<TessellateException> broker(KafkaSettings settings) {
        return new BrokerProbe(settings).problem();
    }

    /** What stands in the way to the schema registry; empty if nothing does. */
    public static Optional<TessellateException> schemaRegistry(KafkaSettings settings) {
        return new SchemaRegistryProbe(settings).problem();
    }

    /** Why the broker cannot be reached just now, by a few bytes of its protocol; empty while it can. */
    public static Optional<String> brokerGone(KafkaSettings settings) {
        return new BrokerProbe(settings).silence();
    }

    private static List<TessellateException> ask(List<Callable<Optional<TessellateException>>> questions) {
        ExecutorService threads = Executors.newFixedThreadPool(questions.size(), work -> {
            Thread thread = new Thread(work, "reachability");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<TessellateException> problems = new ArrayList<>();
            for (Future<Optional<TessellateException>> answer : threads.invokeAll(questions)) {
                answer.get().ifPresent(problems::add);
            }
            return problems;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TessellateException(ErrorCode.INTERRUPTED, "the look for broker and registry was interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TessellateException known) {
                throw known;
            }
            throw new TessellateException(
                    ErrorCode.DEFECT, "the look for broker and registry failed: " + e.getCause(), e);
        } finally {
            threads.shutdownNow();
        }
    }
}
