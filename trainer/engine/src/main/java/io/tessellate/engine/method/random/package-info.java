/** Masks drawn at random: the control that every other choice of weights has to beat. */
@NullMarked
package io.tessellate.engine.method.random;

import org.jspecify.annotations.NullMarked;
