/** Causal language models: the next token, its loss, and continuations of prompts. */
@NullMarked
package io.tessellate.engine.model.text;

import org.jspecify.annotations.NullMarked;
