package io.tessellate.pipeline.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tessellate.error.TessellateException;
import io.tessellate.pipeline.broker.RegistryClassData;
import io.tessellate.pipeline.cli.option.HelpOption;
import io.tessellate.pipeline.push.TemporaryFolder;
import io.tessellate.pipeline.stack.StackFile;
import io.tessellate.pipeline.terminal.Terminal;
import io.tessellate.runtime.config.DataDirectory;
import io.tessellate.runtime.config.KafkaSettings;
import io.tessellate.runtime.kafka.KafkaClients;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;

/**
 * {@code tessellate class-data}: does once what the reading commands do, against a server that knows nothing, so that the
 * JVM it runs in loads what they need. Run by the build, with an option that writes those classes down for quick starts. Those of the
 * schema registry, if one is here, are written down meanwhile.
 */
@Command(name = "class-data", hidden = true, description = "Load the classes of the usual commands; run by the build.")
final class ClassDataCommand extends HelpOption implements Callable<Integer> {
    private static final String[][] USUAL = {
        {"tasks"},
        {"tasks", "--output", "json"},
        {"models", "list"},
        {"masks", "model"},
        {"matrix", "model"},
        {"verify", "model"}
    };

    @Override
    public Integer call() throws IOException {
        Path directory = Files.createTempDirectory("tessellate-class-data");
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        CompletableFuture<Void> registry = registryClasses();
        try (PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            server.createContext("/", ClassDataCommand::answer);
            server.start();
            DataDirectory data = new DataDirectory(directory);
            file(server.getAddress().getPort()).write(data);
            for (String[] command : USUAL) {
                Tessellate.run(new Terminal(nowhere, nowhere, false), with(command, directory));
            }
            clients();
            await(registry);
            return 0;
        } finally {
            server.stop(0);
            Files.deleteIfExists(directory.resolve("stack.json"));
            Files.deleteIfExists(directory);
        }
    }

    private static CompletableFuture<Void> registryClasses() {
        Optional<Path> home = Optional.ofNullable(System.getProperty("tessellate.registry.home"))
                .map(Path::of)
                .filter(Files::isDirectory);
        return home.isEmpty()
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.runAsync(() -> TemporaryFolder.with(folder -> {
                    RegistryClassData.write(home.get(), folder);
                    return folder;
                }));
    }

    private static void await(CompletableFuture<Void> work) {
        try {
            work.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof TessellateException known ? known : e;
        }
    }

    private static void answer(HttpExchange exchange) throws IOException {
        boolean known = !exchange.getRequestURI().getPath().contains("verification");
        byte[] body = "{\"code\":\"UNKNOWN_MODEL\",\"detail\":\"none\"}".getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(known ? 200 : 404, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static StackFile file(int port) {
        return new StackFile(
                ProcessHandle.current().pid(),
                "127.0.0.1:1",
                "http://127.0.0.1:1",
                "http://127.0.0.1:" + port,
                "token",
                "blobs",
                "tessellate",
                "tasks");
    }

    private static String[] with(String[] command, Path directory) {
        String[] all = java.util.Arrays.copyOf(command, command.length + 2);
        all[command.length] = "--data-dir";
        all[command.length + 1] = directory.toString();
        return all;
    }

    /** What commands that write start with; nobody is there to be written to. */
    private static void clients() {
        try (KafkaClients clients = new KafkaClients(KafkaSettings.of("127.0.0.1:1", "http://127.0.0.1:1"))) {
            clients.rawConsumer("class-data").close();
            clients.admin().close(Duration.ZERO);
            clients.producer("class-data").close(Duration.ZERO);
        }
    }
}
