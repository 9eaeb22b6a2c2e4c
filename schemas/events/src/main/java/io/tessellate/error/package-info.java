/** The one error table and the exception that carries its codes. */
@NullMarked
package io.tessellate.error;

import org.jspecify.annotations.NullMarked;
