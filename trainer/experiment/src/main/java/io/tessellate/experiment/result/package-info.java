/** What runs and arms came to, and whether their difference is one. */
@NullMarked
package io.tessellate.experiment.result;

import org.jspecify.annotations.NullMarked;
