@NullMarked
package io.tessellate.runtime.kafka;

import org.jspecify.annotations.NullMarked;
