/** How much memory a training will take, phase by phase, said before it begins from configuration, recipe and lengths alone. */
@NullMarked
package io.tessellate.engine.plan;

import org.jspecify.annotations.NullMarked;
