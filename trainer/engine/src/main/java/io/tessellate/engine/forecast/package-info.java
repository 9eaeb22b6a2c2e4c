/** What a training would choose and meet, found out before it is trained. */
@NullMarked
package io.tessellate.engine.forecast;

import org.jspecify.annotations.NullMarked;
