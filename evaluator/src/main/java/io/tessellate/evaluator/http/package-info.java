/** What is asked of the evaluator by HTTP. */
@NullMarked
package io.tessellate.evaluator.http;

import org.jspecify.annotations.NullMarked;
