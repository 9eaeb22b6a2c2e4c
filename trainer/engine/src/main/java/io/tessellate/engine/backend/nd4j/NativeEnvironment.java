package io.tessellate.engine.backend.nd4j;

import com.sun.jna.Library;
import com.sun.jna.Native;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The environment that native libraries read when they are loaded. Java's own is a copy, which nothing native reads. */
public final class NativeEnvironment {
    private static final Logger log = LoggerFactory.getLogger(NativeEnvironment.class);

    private NativeEnvironment() {}

    /**
     * Sets a variable, unless somebody has: that decides.
     *
     * @param without what is lost where it cannot be set, for the log
     */
    public static void choose(String name, String value, String without) {
        if (System.getenv(name) != null) {
            return;
        }
        try {
            Native.load("c", Environment.class).setenv(name, value, 0);
        } catch (UnsatisfiedLinkError e) {
            log.warn("{} cannot be set, and {}: {}", name, without, e.toString());
        }
    }

    /** Of the C library. */
    private interface Environment extends Library {
        int setenv(String name, String value, int overwrite);
    }
}
