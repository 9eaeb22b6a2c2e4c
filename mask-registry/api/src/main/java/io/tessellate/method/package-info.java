/** Each method's declaration: what it claims of a model's weights, which traits it has and where its defaults differ. */
@NullMarked
package io.tessellate.method;

import org.jspecify.annotations.NullMarked;
