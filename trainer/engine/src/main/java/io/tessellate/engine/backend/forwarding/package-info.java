/** What a backend that goes between a model and another backend hands on: all that it does not override. */
@NullMarked
package io.tessellate.engine.backend.forwarding;

import org.jspecify.annotations.NullMarked;
