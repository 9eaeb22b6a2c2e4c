@NullMarked
package io.tessellate.runtime.http;

import org.jspecify.annotations.NullMarked;
