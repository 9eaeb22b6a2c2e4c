/** What may be asked of the registry or reported to it, and what each command decides. */
@NullMarked
package io.tessellate.registry.command;

import org.jspecify.annotations.NullMarked;
