@NullMarked
package io.tessellate.runtime.config;

import org.jspecify.annotations.NullMarked;
