@NullMarked
package io.tessellate.runtime.retry;

import org.jspecify.annotations.NullMarked;
