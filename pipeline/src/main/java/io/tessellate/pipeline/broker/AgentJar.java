package io.tessellate.pipeline.broker;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** The jar that brings {@link ParentWatch} into a child process; written where it is needed, since it holds one class. */
final class AgentJar {
    private static final Attributes.Name PREMAIN = new Attributes.Name("Premain-Class");
    private static final String CLASS = ParentWatch.class.getName().replace('.', '/') + ".class";

    private AgentJar() {}

    /** Writes the jar anew and returns the JVM option that loads it. */
    static String option(Path file) {
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest());
                InputStream code = ParentWatch.class.getClassLoader().getResourceAsStream(CLASS)) {
            if (code == null) {
                throw new IllegalStateException(CLASS + " is not on the class path");
            }
            jar.putNextEntry(new JarEntry(CLASS));
            code.transferTo(jar);
            jar.closeEntry();
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.STORAGE, "cannot write " + file + ": " + e.getMessage(), e);
        }
        return "-javaagent:" + file.toAbsolutePath();
    }

    private static Manifest manifest() {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(PREMAIN, ParentWatch.class.getName());
        return manifest;
    }
}
