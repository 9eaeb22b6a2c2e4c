/** What an example is, and how one is read out of a producer's record. */
@NullMarked
package io.tessellate.dataset;

import org.jspecify.annotations.NullMarked;
