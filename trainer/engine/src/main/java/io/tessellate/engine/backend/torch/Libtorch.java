package io.tessellate.engine.backend.torch;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;

/**
 * The C functions of libtorch that the backend calls: all that libtorch 2.10 and newer export with a promise of binary
 * compatibility (torch/csrc/inductor/aoti_torch/c/shim.h and torch/csrc/stable/c/shim.h). Wrong use of them corrupts memory
 * silently, so nothing outside this class names one, and what goes in are {@link Tensor}s, which know when they are closed.
 */
final class Libtorch {
    /** libtorch's numbers of element types. */
    static final int FLOAT32 = 6;

    static final int INT64 = 4;

    static final int BFLOAT16 = 15;

    private static final int CPU = 0;

    private Libtorch() {}

    static native int aoti_torch_empty_strided(
            long dimensions, long[] sizes, long[] strides, int type, int device, int index, long[] result);

    static native int aoti_torch_create_tensor_from_blob(
            Pointer data,
            long dimensions,
            long[] sizes,
            long[] strides,
            long offset,
            int type,
            int device,
            int index,
            long[] result);

    static native int aoti_torch__reinterpret_tensor(
            long tensor, long dimensions, long[] sizes, long[] strides, long offset, long[] result);

    static native int aoti_torch_delete_tensor_object(long tensor);

    static native int aoti_torch_new_tensor_handle(long tensor, long[] result);

    static native int aoti_torch_copy_(long target, long source, int nonBlocking);

    static native int aoti_torch_zero_(long tensor);

    static native int aoti_torch_addmm_out(long out, long added, long a, long b, float beta, float alpha);

    static native int aoti_torch_mm_out(long out, long a, long b);

    static native int aoti_torch_bmm_out(long out, long a, long b);

    static native int aoti_torch_scalar_to_tensor_float32(float value, long[] result);

    static native int aoti_torch_scalar_to_tensor_int64(long value, long[] result);

    static native int aoti_torch_call_dispatcher(Pointer operator, Pointer overload, long[] stack);

    static native int torch_new_list_reserve_size(long size, long[] result);

    static native int torch_list_push_back(long list, long element);

    static native int torch_get_num_threads(int[] result);

    static native int aoti_torch_device_type_cuda();

    static native long aoti_torch_abi_version();

    /** Finds all of them, once per process. */
    static void bind(NativeLibrary library) {
        Native.register(Libtorch.class, library);
    }

    /** The version of the library that is bound, for example 2.13. */
    static String version() {
        long version = aoti_torch_abi_version();
        return "%d.%d.%d".formatted(version >>> 56, version >>> 48 & 0xff, version >>> 40 & 0xff);
    }

    static int threads() {
        int[] threads = new int[1];
        check(torch_get_num_threads(threads));
        return threads[0];
    }

    /** A tensor of so many rows and columns and so on, row-major and with whatever lies there. */
    static Tensor empty(TorchDevice device, int type, long... sizes) {
        long[] result = new long[1];
        check(aoti_torch_empty_strided(
                sizes.length, sizes, Tensor.rowMajor(sizes), type, device.type(), device.index(), result));
        return new Tensor(result[0]);
    }

    /** A tensor over memory of the host, which must outlive it. */
    static Tensor over(Pointer memory, int type, long count) {
        long[] result = new long[1];
        check(aoti_torch_create_tensor_from_blob(
                memory, 1, new long[] {count}, new long[] {1}, 0, type, CPU, 0, result));
        return new Tensor(result[0]);
    }

    /** A number on the host, which operators take beside tensors of any device. */
    static Tensor number(float value) {
        long[] result = new long[1];
        check(aoti_torch_scalar_to_tensor_float32(value, result));
        return new Tensor(result[0]);
    }

    static Tensor number(long value) {
        long[] result = new long[1];
        check(aoti_torch_scalar_to_tensor_int64(value, result));
        return new Tensor(result[0]);
    }

    /** Another shape over the same memory; the offset counts from where that of the given tensor begins. */
    static Tensor view(Tensor tensor, long offset, long[] sizes, long[] strides) {
        long[] result = new long[1];
        check(aoti_torch__reinterpret_tensor(tensor.handle(), sizes.length, sizes, strides, offset, result));
        return new Tensor(result[0]);
    }

    /** Between shapes that are equal, or of which the source's can be repeated; types are converted, and devices waited for. */
    static void copy(Tensor target, Tensor source) {
        check(aoti_torch_copy_(target.handle(), source.handle(), 0));
    }

    static void clear(Tensor tensor) {
        check(aoti_torch_zero_(tensor.handle()));
    }

    /** out = a b. */
    static void multiply(Tensor out, Tensor a, Tensor b) {
        check(aoti_torch_mm_out(out.handle(), a.handle(), b.handle()));
    }

    /** out = beta out + alpha a b; what lies in out does not matter where beta is 0. */
    static void multiply(Tensor out, Tensor a, Tensor b, float beta, float alpha) {
        check(aoti_torch_addmm_out(out.handle(), out.handle(), a.handle(), b.handle(), beta, alpha));
    }

    /** out[i] = a[i] b[i] for matrices. */
    static void multiplyEach(Tensor out, Tensor a, Tensor b) {
        check(aoti_torch_bmm_out(out.handle(), a.handle(), b.handle()));
    }

    /** Calls an operator; the arguments are used up, and the first words of the stack become the results. */
    static void call(Pointer operator, Pointer overload, long[] stack) {
        check(aoti_torch_call_dispatcher(operator, overload, stack));
    }

    /** Another handle of a tensor, for a call to use up. */
    static long reference(Tensor tensor) {
        long[] result = new long[1];
        check(aoti_torch_new_tensor_handle(tensor.handle(), result));
        return result[0];
    }

    /** A list of words, for a call to use up. */
    static long list(long... words) {
        long[] result = new long[1];
        check(torch_new_list_reserve_size(words.length, result));
        for (long word : words) {
            check(torch_list_push_back(result[0], word));
        }
        return result[0];
    }

    static void delete(long handle) {
        check(aoti_torch_delete_tensor_object(handle));
    }

    private static void check(int status) {
        if (status != 0) {
            throw new IllegalStateException("libtorch: " + lastError());
        }
    }

    /** Before 2.13 libtorch writes what went wrong to standard error instead. */
    private static String lastError() {
        return TorchRuntime.function("torch_exception_get_what_without_backtrace")
                .map(what -> what.invokePointer(new Object[0]).getString(0))
                .orElse("the call failed, standard error says why");
    }
}
