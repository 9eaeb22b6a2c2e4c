/** What a manifest says of a dataset, and the rules it has to hold to. */
@NullMarked
package io.tessellate.dataset.manifest;

import org.jspecify.annotations.NullMarked;
