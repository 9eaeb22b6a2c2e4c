/** What REST, dashboard and command line print of a registered model, once. */
@NullMarked
package io.tessellate.lineage.json;

import org.jspecify.annotations.NullMarked;
