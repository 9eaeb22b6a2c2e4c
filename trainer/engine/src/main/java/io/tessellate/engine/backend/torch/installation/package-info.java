/** Where the libraries of libtorch lie on this machine. */
@NullMarked
package io.tessellate.engine.backend.torch.installation;

import org.jspecify.annotations.NullMarked;
