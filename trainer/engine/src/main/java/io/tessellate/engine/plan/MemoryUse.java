package io.tessellate.engine.plan;

/** What memory is taken for, and where it lies. */
public enum MemoryUse {
    /** The weights of the version that a run starts from; its views move them. */
    PARENT(Place.DEVICE, "weights of the version to start from"),
    /** The weights that a run moves. */
    COPY(Place.DEVICE, "weights of the run's own"),
    /** Weights as bf16 numbers beside those in single precision, where passes multiply such. */
    ROUNDED(Place.DEVICE, "weights rounded to bf16"),
    /** A matrix in single precision, where the weights' are kept in 16 bits; one at a time. */
    WIDENED(Place.DEVICE, "one matrix widened from 16 bits"),
    /** Gradients of all entries of the matrices that are trained, or of all weights. */
    GRADIENTS(Place.DEVICE, "gradients of whole tensors"),
    /** One product, out of which the entries that are trained are picked. */
    PRODUCT(Place.DEVICE, "one whole product of a tensor's gradient"),
    /** The memory of the largest pass so far. */
    ACTIVATIONS(Place.DEVICE, "activations of the largest pass"),
    /** Logits of some tokens of a language model, with their hidden vectors. */
    LOGITS(Place.DEVICE, "logits of some tokens"),
    /** What kernels allocate themselves and free again. */
    KERNELS(Place.DEVICE, "what kernels need in passing"),
    /** Gradients of the single entries that are trained, where no others are kept. */
    OWNED(Place.HEAP, "gradients of single entries"),
    /** Trained values, where each belongs, and their gradients. */
    VALUES(Place.HEAP, "trained values, their places and gradients"),
    /** The optimiser's state. */
    OPTIMIZER(Place.HEAP, "optimiser's state"),
    /** What a search for a mask, or a penalty, keeps of every candidate. */
    SEARCH(Place.HEAP, "scores, sums and values to put back"),
    /** Copies of hidden vectors that pooling and dropout make. */
    ROWS(Place.HEAP, "rows of hidden vectors on the heap"),
    /** Adapters of the version, what they replaced, and what earlier tasks' views say. */
    EARLIER(Place.HEAP, "adapters and answers of earlier tasks"),
    /** The train split in tokens, and what is remembered of earlier ones. */
    EXAMPLES(Place.HEAP, "examples in tokens"),
    /** Classes' own objects, and what the collector has not collected yet. */
    JAVA(Place.HEAP, "Java's own objects and garbage"),
    /** Code and data of the libraries, Java's included. */
    LIBRARIES(Place.PROCESS, "libraries and the Java machine");

    /** Where memory lies. */
    public enum Place {
        /** Where the backend computes. */
        DEVICE("device"),
        /** In the Java heap. */
        HEAP("heap"),
        /** In the rest of the process. */
        PROCESS("process");

        private final String label;

        Place(String label) {
            this.label = label;
        }

        /** As it is printed. */
        public String label() {
            return label;
        }
    }

    private final Place place;
    private final String label;

    MemoryUse(Place place, String label) {
        this.place = place;
        this.label = label;
    }

    /** Where it lies. */
    public Place place() {
        return place;
    }

    /** In words. */
    public String label() {
        return label;
    }
}
