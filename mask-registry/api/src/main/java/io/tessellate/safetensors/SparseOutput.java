package io.tessellate.safetensors;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/**
 * Writes to a file from its position on. Blocks of nothing but zeros are left as holes: they read as zeros, and take no room where
 * the file system has holes.
 */
final class SparseOutput extends OutputStream {
    private static final int BLOCK = 1 << 16;
    private static final byte[] ZEROS = new byte[BLOCK];

    private final FileChannel channel;
    private final byte[] block = new byte[BLOCK];
    private int filled;
    /** Whether what was written last is a hole, behind which the file does not reach yet. */
    private boolean hole;

    SparseOutput(FileChannel channel) {
        this.channel = channel;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int done = 0; done < length; ) {
            int some = Math.min(BLOCK - filled, length - done);
            System.arraycopy(bytes, offset + done, block, filled, some);
            filled += some;
            done += some;
            if (filled == BLOCK) {
                if (Arrays.equals(block, ZEROS)) {
                    channel.position(channel.position() + BLOCK);
                    filled = 0;
                    hole = true;
                } else {
                    put();
                }
            }
        }
    }

    private void put() throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(block, 0, filled);
        while (rest.hasRemaining()) {
            channel.write(rest);
        }
        filled = 0;
        hole = false;
    }

    /** Afterwards the file has all that was written, and its length. */
    @Override
    public void flush() throws IOException {
        if (filled > 0) {
            put();
        } else if (hole) {
            channel.position(channel.position() - 1);
            block[0] = 0;
            filled = 1;
            put();
        }
    }

    @Override
    public void close() throws IOException {
        flush();
    }
}
