@NullMarked
package io.tessellate.file;

import org.jspecify.annotations.NullMarked;
