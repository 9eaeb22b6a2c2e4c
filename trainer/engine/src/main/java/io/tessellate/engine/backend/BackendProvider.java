package io.tessellate.engine.backend;

import io.tessellate.error.TessellateException;

/** Makes one kind of {@link Backend}; found by {@link java.util.ServiceLoader}. */
public interface BackendProvider {
    /** The name the backend is chosen by. */
    String name();

    /** Whether the chosen name is its own; one that runs on several devices has a name for each. */
    default boolean provides(String chosen) {
        return name().equals(chosen);
    }

    /** Opens it, or fails saying what is missing on this machine. It never opens another one instead. */
    Backend open();

    /** Opens it by a name that it provides. */
    default Backend open(String chosen) {
        return open();
    }

    /** Whether it can be opened on this machine, which it is, and on what it runs or what is missing. */
    default BackendSurvey survey() {
        try {
            return new BackendSurvey(name(), true, open().description());
        } catch (TessellateException e) {
            return new BackendSurvey(name(), false, String.valueOf(e.getMessage()));
        }
    }
}
