/** Files that people and other programs wrote, read so that whatever is wrong with one is said by line and column, in our words. */
@NullMarked
package io.tessellate.file;

import org.jspecify.annotations.NullMarked;
