/** What a recipe can say: its fields, the rule of each, and what does not go together; once, for manifests, the command line and the engine. */
@NullMarked
package io.tessellate.recipe;

import org.jspecify.annotations.NullMarked;
