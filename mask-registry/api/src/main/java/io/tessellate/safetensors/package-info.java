/** Reads and writes safetensors, the weight file format of the Hugging Face world. */
@NullMarked
package io.tessellate.safetensors;

import org.jspecify.annotations.NullMarked;
