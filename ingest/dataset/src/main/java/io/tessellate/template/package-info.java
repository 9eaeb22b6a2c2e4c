/** Jinja as chat templates of models use it: read once, rendered over records, bounded in time and output, without a way out. */
@NullMarked
package io.tessellate.template;

import org.jspecify.annotations.NullMarked;
