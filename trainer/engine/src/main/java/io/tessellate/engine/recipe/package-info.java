/** How to train a task: the recipe with its methods, phases and choices, and the random numbers that follow from its seed. */
@NullMarked
package io.tessellate.engine.recipe;

import org.jspecify.annotations.NullMarked;
