package io.tessellate.template.value;

import io.tessellate.template.text.TemplateFault;

/**
 * What a name without a value stands for: nothing when it is written, false, empty, and an error as soon as something is asked of
 * it.
 *
 * @param what for messages
 */
public record Undefined(String what) {
    public TemplateFault fault() {
        return TemplateFault.here("%s is undefined", what);
    }
}
