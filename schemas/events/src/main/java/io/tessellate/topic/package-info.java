/** Every topic Tessellate uses, typed, and what it takes to create and speak to them. */
@NullMarked
package io.tessellate.topic;

import org.jspecify.annotations.NullMarked;
