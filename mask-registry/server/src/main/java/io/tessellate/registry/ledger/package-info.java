/** Which weights are owned, read from the committed adapters, and whether their files are sound. */
@NullMarked
package io.tessellate.registry.ledger;

import org.jspecify.annotations.NullMarked;
