/** What holds earlier tasks while a new one is learnt: their examples rehearsed, and their heads kept to what they said. */
@NullMarked
package io.tessellate.engine.train.replay;

import org.jspecify.annotations.NullMarked;
