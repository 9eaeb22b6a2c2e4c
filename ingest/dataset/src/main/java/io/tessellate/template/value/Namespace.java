package io.tessellate.template.value;

import java.util.Map;

/**
 * What {@code namespace(...)} makes: values that a loop or a macro can set for what stands around it.
 *
 * @param values by name
 */
public record Namespace(Map<Object, Object> values) {}
