/** What a template computes with: Python's values, their operators, methods, filters and tests, and the bounds on one rendering. */
@NullMarked
package io.tessellate.template.value;

import org.jspecify.annotations.NullMarked;
