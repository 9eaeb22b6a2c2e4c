package io.tessellate.pipeline.broker;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An unpacked Apicurio Registry and how it is launched. Version 3 needs Java 21, version 2 runs on 17.
 *
 * @param jar what {@code java -jar} gets
 * @param generation 2 or 3
 */
record RegistryHome(Path jar, int generation) {
    private static final int JAVA_OF_GENERATION_3 = 21;
    /** The user interface and every interface but Confluent's. */
    private static final String UNUSED = "/ui.*,/apis/ibmcompat/.*,/apis/cncf/.*,/apis/registry/.*";

    static RegistryHome at(Path home) {
        Path quarkus = home.resolve("quarkus-run.jar");
        if (Files.isRegularFile(quarkus)) {
            return new RegistryHome(quarkus, 3).requireJava();
        }
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(home, "apicurio-registry-app-*-runner.jar")) {
            for (Path jar : jars) {
                return new RegistryHome(jar, 2);
            }
        } catch (IOException e) {
            throw notFound(home, e);
        }
        throw notFound(home, null);
    }

    /**
     * The command line, memory kept small.
     *
     * @param options of the JVM, beside ours
     */
    List<String> command(List<String> options, int port, int managementPort, Path database) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of(
                "-Xmx192m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-Dquarkus.http.host=127.0.0.1",
                "-Dquarkus.http.port=" + port,
                "-Dquarkus.http.access-log.enabled=false",
                // Pages of other sites are refused, not merely left without permission to read the answer.
                "-Dquarkus.http.cors=true",
                "-Dquarkus.http.cors.origins=http://127.0.0.1:" + port));
        if (generation == 3) {
            command.addAll(List.of(
                    "-Dquarkus.management.host=127.0.0.1",
                    "-Dquarkus.management.port=" + managementPort,
                    "-Dapicurio.disable.apis=" + UNUSED,
                    "-Dapicurio.datasource.url=" + url(database),
                    "-Dapicurio.datasource.jdbc.initial-size=2",
                    "-Dapicurio.datasource.jdbc.min-size=2",
                    "-Dapicurio.datasource.jdbc.max-size=10"));
        } else {
            command.addAll(List.of(
                    "-Dregistry.disable.apis=" + UNUSED,
                    "-Dquarkus.datasource.jdbc.initial-size=2",
                    "-Dquarkus.datasource.jdbc.min-size=2",
                    "-Dquarkus.datasource.jdbc.max-size=10",
                    // Opening the file may take longer than the usual 5 s where there is much to do.
                    "-Dquarkus.datasource.jdbc.acquisition-timeout=60S"));
        }
        command.addAll(List.of("-jar", jar.toString()));
        return command;
    }

    /** A port of its own for what it says about itself; 0 for one that has none. */
    int managementPort(Ports ports) {
        return generation == 3 ? ports.port("registry-management", 0) : 0;
    }

    /** What the process finds in its environment beside ours. */
    Map<String, String> environment(Path database) {
        return generation == 2 ? Map.of("REGISTRY_DATASOURCE_URL", url(database)) : Map.of();
    }

    /** How the process is told to keep its log within limits, whatever is asked of it. */
    static Map<String, String> logging(Path log) {
        return Map.of(
                "QUARKUS_LOG_CONSOLE_ENABLE", "false",
                "QUARKUS_LOG_FILE_ENABLE", "true",
                "QUARKUS_LOG_FILE_PATH", log.toAbsolutePath().toString(),
                "QUARKUS_LOG_FILE_ROTATION_MAX_FILE_SIZE", "10M",
                "QUARKUS_LOG_FILE_ROTATION_MAX_BACKUP_INDEX", "2",
                "QUARKUS_LOG_FILE_ROTATION_ROTATE_ON_BOOT", "false");
    }

    private static String url(Path database) {
        return "jdbc:h2:file:" + database.toAbsolutePath();
    }

    private RegistryHome requireJava() {
        int java = Runtime.version().feature();
        if (java < JAVA_OF_GENERATION_3) {
            throw new TessellateException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "the schema registry in %s needs Java %d, this is %d"
                            .formatted(jar.getParent(), JAVA_OF_GENERATION_3, java));
        }
        return this;
    }

    private static TessellateException notFound(Path home, @org.jspecify.annotations.Nullable IOException cause) {
        return new TessellateException(
                ErrorCode.INVALID_CONFIGURATION,
                "no schema registry in %s: expected quarkus-run.jar or apicurio-registry-app-*-runner.jar"
                        .formatted(home),
                cause);
    }
}
