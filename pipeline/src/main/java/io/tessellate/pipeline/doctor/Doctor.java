package io.tessellate.pipeline.doctor;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.pipeline.stack.StackSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Looks at everything that Tessellate needs, one thing beside the other: one that fails or hangs is said to, and stops no other. */
public final class Doctor {
    private final List<Examination> examinations;
    private final Duration limit;

    /**
     * A doctor.
     *
     * @param limit longest time all examinations may take, since they run beside each other
     */
    public Doctor(List<Examination> examinations, Duration limit) {
        this.examinations = List.copyOf(examinations);
        this.limit = limit;
    }

    /** Everything there is to look at: the machine, the engine, the stack. */
    public static List<Examination> all(StackSettings settings) {
        return Stream.of(
                        new MachineChecks(settings.data().root(), Path.of(System.getProperty("java.io.tmpdir"))).all(),
                        new EngineChecks(settings.backend()).all(),
                        new StackChecks(settings, Clock.systemUTC()).all())
                .flatMap(List::stream)
                .toList();
    }

    /** The diagnoses in the order of the examinations. */
    public List<Diagnosis> examine() {
        ExecutorService threads = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "doctor");
            thread.setDaemon(true);
            return thread;
        });
        try {
            long end = System.nanoTime() + limit.toNanos();
            List<Future<Diagnosis>> looks = examinations.stream()
                    .map(examination -> threads.submit(examination.look()::get))
                    .toList();
            return IntStream.range(0, looks.size())
                    .mapToObj(i -> answer(examinations.get(i).name(), looks.get(i), end))
                    .toList();
        } finally {
            threads.shutdownNow();
        }
    }

    private Diagnosis answer(String name, Future<Diagnosis> look, long end) {
        try {
            return look.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return Diagnosis.wrong(
                    name,
                    "looking at it did not end within %d s".formatted(limit.toSeconds()),
                    "something hangs; look at it by itself, or give more time with --timeout");
        } catch (ExecutionException e) {
            return Diagnosis.wrong(
                    name,
                    "looking at it failed: " + e.getCause(),
                    "this is a defect in Tessellate: keep the message and report it");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TessellateException(ErrorCode.INTERRUPTED, "the examination was interrupted", e);
        }
    }
}
