package io.tessellate.engine.onnx;

import io.tessellate.id.Sha256;
import io.tessellate.safetensors.AtomicFile;
import io.tessellate.safetensors.TensorSource;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A graph as a file: the tensors within it, or the long ones in a second file from which they can be mapped.
 *
 * @param notes what the file says of itself
 * @param largest most bytes of tensors within it
 */
record OnnxFile(OnnxGraph graph, Map<String, String> notes, long largest) {
    /** The note that names the second file's digest. */
    static final String DATA_DIGEST = "tessellate.data.sha256";

    private static final int IR_VERSION = 8;
    private static final int EXTERNAL = 1;
    /** Where tensors of the second file begin: on a page of memory. */
    private static final long PAGE = 4096;
    /** Shorter tensors stay in the first file: readers want shapes there. */
    private static final long SHORT = 1024;

    Sha256 write(Path directory) {
        List<TensorSource> tensors = graph.tensors();
        long total = tensors.stream().mapToLong(OnnxFile::bytes).sum();
        Map<String, String> said = new TreeMap<>(notes);
        List<WireMessage> stored = new ArrayList<>();
        if (total > largest) {
            List<TensorSource> beside =
                    tensors.stream().filter(tensor -> bytes(tensor) > SHORT).toList();
            Sha256 data = AtomicFile.write(directory.resolve(OnnxExport.DATA), out -> writeData(beside, out));
            said.put(DATA_DIGEST, data.hex());
            long offset = 0;
            for (TensorSource tensor : tensors) {
                boolean outside = bytes(tensor) > SHORT;
                stored.add(outside ? outside(tensor, offset) : within(tensor));
                offset += outside ? paged(bytes(tensor)) : 0;
            }
        } else {
            tensors.forEach(tensor -> stored.add(within(tensor)));
        }
        WireMessage model = model(said, stored);
        return AtomicFile.write(directory.resolve(OnnxExport.FILE), model::writeTo);
    }

    private static void writeData(List<TensorSource> tensors, OutputStream out) throws IOException {
        for (TensorSource tensor : tensors) {
            tensor.writeTo(out);
            out.write(new byte[(int) (paged(bytes(tensor)) - bytes(tensor))]);
        }
    }

    private static long paged(long bytes) {
        return (bytes + PAGE - 1) / PAGE * PAGE;
    }

    private static long bytes(TensorSource tensor) {
        return tensor.shape().elements() * tensor.dtype().bytes();
    }

    private WireMessage model(Map<String, String> said, List<WireMessage> stored) {
        WireMessage model = new WireMessage()
                .number(1, IR_VERSION)
                .text(2, "tessellate")
                .message(7, graph.message("encoder", stored))
                .message(8, new WireMessage().text(1, "").number(2, OnnxExport.OPERATORS));
        said.forEach((key, value) -> model.message(14, entry(key, value)));
        return model;
    }

    private static WireMessage entry(String key, String value) {
        return new WireMessage().text(1, key).text(2, value);
    }

    private static WireMessage within(TensorSource tensor) {
        return described(tensor).bytes(9, bytes(tensor), tensor::writeTo);
    }

    private static WireMessage outside(TensorSource tensor, long offset) {
        return described(tensor)
                .message(13, entry("location", OnnxExport.DATA))
                .message(13, entry("offset", Long.toString(offset)))
                .message(13, entry("length", Long.toString(bytes(tensor))))
                .number(14, EXTERNAL);
    }

    private static WireMessage described(TensorSource tensor) {
        WireMessage message = new WireMessage();
        tensor.shape().dimensions().forEach(dimension -> message.number(1, dimension));
        return message.number(2, OnnxGraph.Element.of(tensor.dtype()).number()).text(8, tensor.name());
    }
}
