/** What a task is trained towards: how its examples are encoded, learnt and scored, by a head of its own or by the model's. */
@NullMarked
package io.tessellate.engine.objective;

import org.jspecify.annotations.NullMarked;
