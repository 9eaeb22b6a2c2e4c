/** What a task is scored with, and what a stream of tasks is judged by. Plain doubles, no model. */
@NullMarked
package io.tessellate.engine.metric;

import org.jspecify.annotations.NullMarked;
