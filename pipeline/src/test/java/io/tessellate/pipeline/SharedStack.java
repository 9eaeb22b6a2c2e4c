package io.tessellate.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One running stack for all tests of a JVM that need no fresh one: a parameter of type {@link RunningTestStack}. It is started for the
 * first and stopped after the last. Such a test registers models of its own names and harms nobody's; one that kills, or that looks
 * at all there is, takes a stack of its own.
 */
final class SharedStack implements BeforeAllCallback, ParameterResolver, AfterEachCallback {
    private static final Namespace OURS = Namespace.create(SharedStack.class);

    /** The stack on a directory that goes with it. */
    private record Started(Path directory, RunningTestStack stack) implements AutoCloseable {
        static Started now() {
            try {
                Path directory = Files.createTempDirectory("shared-stack");
                return new Started(directory, new RunningTestStack(directory.resolve("data")));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            stack.close();
            Utils.delete(directory.toFile());
        }
    }

    /** Here a test that cannot have a stack is skipped; in the resolution of its parameters it would fail. */
    @Override
    public void beforeAll(ExtensionContext context) {
        RunningTestStack.requireRegistry();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == RunningTestStack.class;
    }

    @Override
    public RunningTestStack resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return store(context)
                .computeIfAbsent(Started.class, type -> Started.now(), Started.class)
                .stack();
    }

    private static Store store(ExtensionContext context) {
        return context.getStore(StoreScope.LAUNCHER_SESSION, OURS);
    }

    /** A thread that dies is replaced, so that only its number tells: the first task topic once cost one. */
    @Override
    public void afterEach(ExtensionContext context) throws IOException, InterruptedException {
        Started started = store(context).get(Started.class, Started.class);
        if (started == null) {
            return; // it did not start
        }
        URI metrics = URI.create(started.stack().stack().file().http()).resolve("/metrics");
        String scraped = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
                .body();
        assertThat(scraped.lines().filter(line -> line.startsWith("kafka_stream_failed_stream_threads_total{")))
                .hasSize(3)
                .allSatisfy(line -> assertThat(line).endsWith(" 0.0"));
    }
}
