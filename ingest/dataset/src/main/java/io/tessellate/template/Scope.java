package io.tessellate.template;

import io.tessellate.template.value.Run;
import io.tessellate.template.value.Undefined;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Variables by name; those of the scope around it are seen and not changed. */
final class Scope {
    private final Run run;
    private final @Nullable Scope outer;
    private final Map<String, Object> variables;

    Scope(Run run, Map<String, Object> variables) {
        this.run = run;
        this.outer = null;
        this.variables = variables;
    }

    Scope(Scope outer) {
        this.run = outer.run;
        this.outer = outer;
        this.variables = new HashMap<>();
    }

    Run run() {
        return run;
    }

    /** The value of a name; undefined if it has none. */
    Object get(String name) {
        for (Scope scope = this; scope != null; scope = scope.outer) {
            Object value = scope.variables.get(name);
            if (value != null) {
                return value;
            }
        }
        return new Undefined("'" + name + "'");
    }

    void set(String name, Object value) {
        variables.put(name, value);
    }
}
