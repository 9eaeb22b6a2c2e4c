@NullMarked
package io.tessellate.registry.client;

import org.jspecify.annotations.NullMarked;
