/** In how many bits the matrix products of a model are computed: a backend seen through one of them. */
@NullMarked
package io.tessellate.engine.precision;

import org.jspecify.annotations.NullMarked;
