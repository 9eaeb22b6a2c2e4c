/** The page that shows what happens, live, and the reads behind it. */
@NullMarked
package io.tessellate.evaluator.dashboard;

import org.jspecify.annotations.NullMarked;
