/** The evaluator as a part of a process, and as a process of its own. */
@NullMarked
package io.tessellate.evaluator;

import org.jspecify.annotations.NullMarked;
