/** Takes closed datasets one after the other, trains them and hands the adapters to the mask registry. */
@NullMarked
package io.tessellate.worker;

import org.jspecify.annotations.NullMarked;
