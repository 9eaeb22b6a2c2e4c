/** What a dataset is made of: examples with their labels, in two splits, and the digest that tells one content from another. */
@NullMarked
package io.tessellate.dataset;

import org.jspecify.annotations.NullMarked;
