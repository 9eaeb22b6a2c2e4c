/** What a recipe can say: its fields and the methods it can name, once, for manifests, the command line and the engine. */
@NullMarked
package io.tessellate.recipe;

import org.jspecify.annotations.NullMarked;
