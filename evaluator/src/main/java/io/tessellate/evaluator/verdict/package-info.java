/** Whether a version may become champion: budgets, tests of drops, and the verdict that follows from them. */
@NullMarked
package io.tessellate.evaluator.verdict;

import org.jspecify.annotations.NullMarked;
