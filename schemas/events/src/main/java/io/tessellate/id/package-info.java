/** Names and digests: values that validate themselves. */
@NullMarked
package io.tessellate.id;

import org.jspecify.annotations.NullMarked;
