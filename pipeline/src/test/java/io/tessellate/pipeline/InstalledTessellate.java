package io.tessellate.pipeline;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The distribution as it is handed out, started by its launcher: a process of its own, which becomes the JVM and so can be killed. */
final class InstalledTessellate {
    private InstalledTessellate() {}

    /** A process that is not yet running. It is made for a short life: nothing is compiled more than once. */
    static ProcessBuilder command(List<String> arguments) {
        String home = System.getProperty("tessellate.registry.home");
        List<String> command = new ArrayList<>();
        command.add(Path.of(home).resolveSibling("bin").resolve("tessellate").toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment()
                .putAll(Map.of(
                        "JAVA_HOME", System.getProperty("java.home"),
                        "TESSELLATE_NO_BUILD", "true",
                        "TESSELLATE_HEAP", "512m",
                        "TESSELLATE_JAVA_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
                        "TESSELLATE_REGISTRY_HOME", home));
        return builder;
    }
}
