/** Tasks as adapters of Hugging Face's PEFT, to be loaded without any code of ours. */
@NullMarked
package io.tessellate.mask.peft;

import org.jspecify.annotations.NullMarked;
