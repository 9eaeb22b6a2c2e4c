/** A dataset as a folder: {@code meta.json}, {@code train.jsonl}, {@code eval.jsonl}. */
@NullMarked
package io.tessellate.dataset.folder;

import org.jspecify.annotations.NullMarked;
