/** Adapters: what a task adds to a model, its file (docs/format/adapter.md) and the certificate over what it owns. */
@NullMarked
package io.tessellate.mask.adapter;

import org.jspecify.annotations.NullMarked;
