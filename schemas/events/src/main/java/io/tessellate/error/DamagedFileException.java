package io.tessellate.error;

/**
 * A stored file is gone, cannot be read, or holds other bytes than those it was stored with. It stays so until somebody puts the
 * file back: the store around it works.
 */
public final class DamagedFileException extends TessellateException {
    private static final long serialVersionUID = 1L;

    private final String path;

    /**
     * Damage to one file.
     *
     * @param path where it lies, or should lie
     * @param what is wrong with it, as a clause about "it"
     */
    public DamagedFileException(String path, String what) {
        super(ErrorCode.BLOB_DAMAGED, "stored file %s: %s".formatted(path, what));
        this.path = path;
    }

    /** Damage to one file that showed itself as a failure. */
    public DamagedFileException(String path, String what, Throwable cause) {
        super(ErrorCode.BLOB_DAMAGED, "stored file %s: %s".formatted(path, what), cause);
        this.path = path;
    }

    /** Where the file lies, or should lie. */
    public String path() {
        return path;
    }
}
