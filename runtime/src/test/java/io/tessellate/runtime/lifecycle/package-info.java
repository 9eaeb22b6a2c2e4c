@NullMarked
package io.tessellate.runtime.lifecycle;

import org.jspecify.annotations.NullMarked;
