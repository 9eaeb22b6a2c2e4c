/** The mask registry as a service: the only writer of the log of who owns which weight. */
@NullMarked
package io.tessellate.registry;

import org.jspecify.annotations.NullMarked;
