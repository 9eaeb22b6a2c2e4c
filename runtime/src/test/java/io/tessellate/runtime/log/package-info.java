@NullMarked
package io.tessellate.runtime.log;

import org.jspecify.annotations.NullMarked;
