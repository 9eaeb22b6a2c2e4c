/** Tests. */
@NullMarked
package io.tessellate.topic;

import org.jspecify.annotations.NullMarked;
