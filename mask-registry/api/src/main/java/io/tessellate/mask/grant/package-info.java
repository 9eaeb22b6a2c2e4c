/** What a task may ask of a model's weights and what can be granted, whoever owns what. */
@NullMarked
package io.tessellate.mask.grant;

import org.jspecify.annotations.NullMarked;
