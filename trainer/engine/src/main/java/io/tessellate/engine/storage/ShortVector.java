package io.tessellate.engine.storage;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.FloatSource;
import io.tessellate.engine.backend.FloatVector;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.rounded.RoundedParts;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * A vector some of whose ranges are kept in 16 bits a value. Every float can be assigned to every place and reads back bit
 * for bit: one that is no bf16 number costs 4 more bytes. A range of which more than half was assigned goes over to 32 bits
 * for each. A copy shares the 16 bits.
 *
 * <p>No arithmetic works on it: {@link #matrix} gives what {@link Matrix#wide} widens into memory that all its matrices
 * share, and those of the vectors it was built with, and what {@link Matrix#narrow} keeps as bf16 numbers in the backend's
 * memory. For one thread at a time.
 */
public final class ShortVector implements FloatVector {
    private static final int CHUNK = 1 << 14;

    private final Backend backend;
    private final Section[] sections;
    private final int[] starts;
    private final int extent;
    private final RoundedParts<FloatVector> narrow;
    private final WideMemory wide;

    private ShortVector(Backend backend, WideMemory wide, List<Section> sections) {
        this.backend = backend;
        this.wide = wide;
        this.sections = sections.toArray(Section[]::new);
        this.starts = new int[sections.size()];
        int next = 0;
        for (int s = 0; s < starts.length; s++) {
            starts[s] = next;
            next += this.sections[s].size();
        }
        this.extent = next;
        // The backend counts the bytes itself.
        this.narrow = new RoundedParts<>(new ShortRounded(this, backend), bytes -> {});
    }

    /** Fills vectors section after section. */
    public static Builder builder(Backend backend) {
        return new Builder(backend);
    }

    /** The same values, changed on their own, in vectors that widen into other memory; to be closed by the caller. */
    public static List<ShortVector> copies(List<ShortVector> vectors) {
        Map<WideMemory, WideMemory> others = new HashMap<>();
        return vectors.stream()
                .map(vector -> new ShortVector(
                        vector.backend,
                        others.computeIfAbsent(vector.wide, one -> new WideMemory(vector.backend)),
                        Arrays.stream(vector.sections).map(Section::copy).toList()))
                .toList();
    }

    /** A matrix over some of its entries, which no section in 32 bits may hold only in part. */
    public Matrix matrix(int offset, int rows, int columns) {
        Objects.checkFromIndexSize(offset, Math.multiplyExact(rows, columns), extent);
        int s = sectionOf(offset);
        return sections[s] instanceof WholeSection whole && offset + rows * columns <= starts[s] + whole.size()
                ? whole.matrix(offset - starts[s], rows, columns)
                : new ShortMatrix(this, offset, rows, columns);
    }

    /** Some rows of a matrix in the backend's memory, valid until the next call. */
    Matrix widened(ShortMatrix matrix, int... rows) {
        int columns = matrix.columns();
        Matrix widened = wide.matrix(rows.length, columns);
        widened.memory().fillFrom(0, widened.size(), (first, count, target) -> {
            for (int done = 0; done < count; ) {
                int row = (first + done) / columns;
                int column = (first + done) % columns;
                int some = Math.min(columns - column, count - done);
                target.put(toArray(matrix.offset() + rows[row] * columns + column, some));
                done += some;
            }
        });
        return widened;
    }

    /** All of a matrix likewise. */
    Matrix widened(ShortMatrix matrix) {
        int s = sectionOf(matrix.offset());
        if (sections[s] instanceof WholeSection whole && matrix.offset() + matrix.size() <= starts[s] + whole.size()) {
            return whole.matrix(matrix.offset() - starts[s], matrix.rows(), matrix.columns());
        }
        Matrix widened = wide.matrix(matrix.rows(), matrix.columns());
        widened.memory().fillFrom(0, widened.size(), (first, count, target) -> {
            int at = target.position();
            IntStream.range(0, (count + CHUNK - 1) / CHUNK).parallel().forEach(chunk -> {
                int done = chunk * CHUNK;
                int some = Math.min(CHUNK, count - done);
                target.put(at + done, toArray(matrix.offset() + first + done, some), 0, some);
            });
        });
        return widened;
    }

    /** All of a matrix as bf16 numbers, which follow what is written here. */
    Matrix narrowed(ShortMatrix matrix) {
        int s = sectionOf(matrix.offset());
        if (sections[s] instanceof WholeSection) {
            return widened(matrix).narrow();
        }
        FloatVector part = narrow.part(matrix.offset(), matrix.size());
        return backend.memory().matrix(part, 0, matrix.rows(), matrix.columns());
    }

    private int sectionOf(int place) {
        int found = Arrays.binarySearch(starts, place);
        return found >= 0 ? found : -found - 2;
    }

    @Override
    public boolean sameMemoryAs(FloatVector other) {
        return other instanceof ShortVector vector
                && vector.sections.length == sections.length
                && IntStream.range(0, sections.length).allMatch(s -> sections[s].sameMemoryAs(vector.sections[s]));
    }

    @Override
    public int size() {
        return extent;
    }

    @Override
    public void get(int offset, float[] target, int from, int length) {
        Objects.checkFromIndexSize(offset, length, extent);
        pieces(offset, length, (s, place, done, count) -> sections[s].get(place, target, from + done, count));
    }

    @Override
    public void put(int offset, float[] source, int from, int length) {
        Objects.checkFromIndexSize(offset, length, extent);
        pieces(offset, length, (s, place, done, count) -> {
            if (!sections[s].put(place, source, from + done, count)) {
                makeWhole(s);
                sections[s].put(place, source, from + done, count);
            }
        });
        narrow.wrote(offset, length);
    }

    /** What is done with the part of a range that lies in one section. */
    private interface Piece {
        void take(int section, int place, int done, int count);
    }

    private void pieces(int offset, int length, Piece piece) {
        int done = 0;
        for (int s = length == 0 ? 0 : sectionOf(offset); done < length; s++) {
            int place = offset + done - starts[s];
            int count = Math.min(length - done, sections[s].size() - place);
            piece.take(s, place, done, count);
            done += count;
        }
    }

    private void makeWhole(int s) {
        Section crowded = sections[s];
        WholeSection whole = new WholeSection(backend, crowded.size());
        float[] chunk = new float[Math.min(CHUNK, crowded.size())];
        for (int done = 0; done < crowded.size(); done += CHUNK) {
            int count = Math.min(CHUNK, crowded.size() - done);
            crowded.get(done, chunk, 0, count);
            whole.put(done, chunk, 0, count);
        }
        crowded.close();
        sections[s] = whole;
    }

    @Override
    public void fillFrom(int offset, int length, FloatSource source) {
        float[] chunk = new float[Math.min(CHUNK, length)];
        for (int done = 0; done < length; done += CHUNK) {
            int count = Math.min(CHUNK, length - done);
            source.read(done, count, FloatBuffer.wrap(chunk, 0, count));
            put(offset + done, chunk, 0, count);
        }
    }

    @Override
    public void gather(int[] indices, float[] target, int count) {
        int s = 0;
        for (int i = 0; i < count; i++) {
            s = within(s, indices[i]) ? s : sectionOf(Objects.checkIndex(indices[i], extent));
            target[i] = sections[s].get(indices[i] - starts[s]);
        }
    }

    private boolean within(int s, int place) {
        return place >= starts[s] && place - starts[s] < sections[s].size();
    }

    @Override
    public void scatter(int[] indices, float[] source, int count) {
        for (int from = 0; from < count; ) {
            int s = sectionOf(Objects.checkIndex(indices[from], extent));
            int to = from + 1;
            while (to < count && within(s, indices[to])) {
                to++;
            }
            Section.Run run = new Section.Run(indices, source, from, to);
            if (!sections[s].assign(run, starts[s])) {
                makeWhole(s);
                sections[s].assign(run, starts[s]);
            }
            from = to;
        }
        narrow.wrote(indices, count);
    }

    @Override
    public void fill(int offset, int length, float value) {
        float[] chunk = new float[Math.min(CHUNK, length)];
        Arrays.fill(chunk, value);
        for (int done = 0; done < length; done += CHUNK) {
            put(offset + done, chunk, 0, Math.min(CHUNK, length - done));
        }
    }

    @Override
    public void copyFrom(FloatVector source) {
        if (source.size() != extent) {
            throw new IllegalArgumentException(
                    "a vector of %d floats cannot copy one of %d".formatted(extent, source.size()));
        }
        float[] chunk = new float[Math.min(CHUNK, extent)];
        for (int done = 0; done < extent; done += CHUNK) {
            int count = Math.min(CHUNK, extent - done);
            source.get(done, chunk, 0, count);
            put(done, chunk, 0, count);
        }
    }

    @Override
    public void close() {
        Arrays.stream(sections).forEach(Section::close);
        narrow.close();
        wide.close();
    }

    /** Puts sections one after the other. */
    public static final class Builder {
        private final Backend backend;
        private final WideMemory wide;
        private final List<ShortVector> vectors = new ArrayList<>();
        private final List<Section> sections = new ArrayList<>();

        private Builder(Backend backend) {
            this.backend = backend;
            this.wide = new WideMemory(backend);
        }

        /** Values that are read into 16 bits each; those that do not fit are kept beside them. */
        public Builder shorts(int size, FloatSource source) {
            sections.add(ShortSection.of(size, source));
            return this;
        }

        /** The upper halves of values whose lower halves are 0, where they lie; they must not change. */
        public Builder shorts(ShortBuffer halves) {
            sections.add(ShortSection.over(halves));
            return this;
        }

        /** Values that are read into 32 bits each. */
        public Builder floats(int size, FloatSource source) {
            WholeSection section = new WholeSection(backend, size);
            section.memory().fillFrom(0, size, source);
            sections.add(section);
            return this;
        }

        /** Ends a vector; what follows is another one. */
        public Builder end() {
            vectors.add(new ShortVector(backend, wide, sections));
            sections.clear();
            return this;
        }

        /** The vectors that were ended. All of them widen into the same memory, and are closed together. */
        public List<ShortVector> build() {
            return List.copyOf(vectors);
        }
    }
}
