package io.tessellate.template.value;

/** What a template can call. */
@FunctionalInterface
public interface Function {
    public Object call(Arguments arguments, Run run);
}
