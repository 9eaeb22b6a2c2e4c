/** Text to token ids, by a {@code tokenizer.json} file and without any network; and a writer for small word lists. */
@NullMarked
package io.tessellate.engine.tokenizer;

import org.jspecify.annotations.NullMarked;
