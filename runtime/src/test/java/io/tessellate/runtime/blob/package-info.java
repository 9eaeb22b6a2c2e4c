@NullMarked
package io.tessellate.runtime.blob;

import org.jspecify.annotations.NullMarked;
