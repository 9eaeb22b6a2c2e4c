package io.tessellate.engine.forecast;

import io.tessellate.mask.LayerName;

/**
 * What a task wants of a layer, and what there is. All are numbers of weights that the recipe targets.
 *
 * @param targeted of the layer
 * @param owned by earlier tasks
 * @param wanted if nothing were owned
 * @param wantedOwned of those, what earlier tasks own
 * @param chosen of what is free; 0 if there is too little in all
 */
public record LayerDemand(LayerName layer, long targeted, long owned, long wanted, long wantedOwned, long chosen) {
    /** What is free once they are chosen. */
    public long left() {
        return targeted - owned - chosen;
    }
}
