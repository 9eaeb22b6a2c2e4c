/** How tasks do on what they are asked: answers and the labels that come back under their ids, joined and scored. */
@NullMarked
package io.tessellate.evaluator.live;

import org.jspecify.annotations.NullMarked;
