/** What the registry shows by HTTP: reads only, errors as problem+json. */
@NullMarked
package io.tessellate.registry.http;

import org.jspecify.annotations.NullMarked;
