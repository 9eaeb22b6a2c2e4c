/** Whether broker and schema registry can be reached as configured, and in so many words why not. */
@NullMarked
package io.tessellate.pipeline.reach;

import org.jspecify.annotations.NullMarked;
