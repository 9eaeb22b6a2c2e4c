/** A template's text, cut into tokens; what is wrong in it, and where. */
@NullMarked
package io.tessellate.template.text;

import org.jspecify.annotations.NullMarked;
