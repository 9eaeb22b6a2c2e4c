/** Fetches base models from the Hugging Face Hub. */
@NullMarked
package io.tessellate.pipeline.hub;

import org.jspecify.annotations.NullMarked;
