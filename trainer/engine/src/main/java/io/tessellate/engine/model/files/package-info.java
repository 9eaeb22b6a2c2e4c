/** Models as Hugging Face directories: loaded and checked, and written again. */
@NullMarked
package io.tessellate.engine.model.files;

import org.jspecify.annotations.NullMarked;
