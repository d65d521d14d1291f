package dev.viridian.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.epoll.Native;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Moves bytes from one socket to another within the kernel (`splice`), without copying them into our memory and out again: half of the processor time
/// of a large body.
///
/// One pipe serves all connections of a loop, because it is empty between two moves: what the receiver does not take is read out of it at once.
final class KernelPipe implements AutoCloseable {
    /// For less, the calls cost more than the copies.
    static final int LEAST = 32 * 1024;

    /// Bytes of a move, and so of what one slow receiver may leave over. The kernel's own size of 64 KB saves next to nothing.
    private static final int ROOM = 512 * 1024;
    /// `F_SETPIPE_SZ` of Linux.
    private static final int SET_PIPE_SIZE = 1031;

    private final FileDescriptor in;
    private final FileDescriptor out;

    private KernelPipe(FileDescriptor in, FileDescriptor out) {
        this.in = in;
        this.out = out;
    }

    /// @return null where there is no pipe of a size that helps: users may have a limited number of them
    static @Nullable KernelPipe open() {
        try {
            FileDescriptor[] ends = FileDescriptor.pipe();
            KernelPipe pipe = new KernelPipe(ends[1], ends[0]);
            if (grow(ends[1].intValue()) >= ROOM) {
                return pipe;
            }
            pipe.close();
        } catch (IOException e) {
            Proxy.LOG.debug("Large bodies are copied, because there is no pipe to be had", e);
        }
        return null;
    }

    /// Java and Netty have no call for it.
    ///
    /// @return the size it has now; negative when it cannot be changed
    private static int grow(int descriptor) {
        Linker linker = Linker.nativeLinker();
        MethodHandle fcntl = linker.downcallHandle(linker.defaultLookup().findOrThrow("fcntl"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
                Linker.Option.firstVariadicArg(2));
        try {
            return (int) fcntl.invokeExact(descriptor, SET_PIPE_SIZE, ROOM);
        } catch (Throwable e) {
            throw new IllegalStateException("the size of a pipe could not be set", e);
        }
    }

    /// Moves what is there. What is wrong with the receiver is left for its next regular use to find.
    ///
    /// @param most  not more than so much
    /// @param whole who gets what `to` did not take
    /// @return how much was moved, what was left over included
    /// @throws IOException the sender's connection is broken: its next use would not find that again
    int move(Socket from, Socket to, long most, ByteBufAllocator alloc, Consumer<ByteBuf> whole) throws IOException {
        int moved = Native.splice(from.intValue(), -1, in.intValue(), -1, Math.min(most, ROOM));
        int left = moved;
        try {
            for (int sent = 1; left > 0 && sent > 0; left -= sent) {
                sent = Native.splice(out.intValue(), -1, to.intValue(), -1, left);
            }
        } catch (IOException _) {
            // The connection will say so when what is left is written to it.
        }
        if (left > 0) {
            whole.accept(takeOut(left, alloc));
        }
        return moved;
    }

    /// Whatever goes wrong here, nobody else may find these bytes in the pipe.
    private ByteBuf takeOut(int length, ByteBufAllocator alloc) throws IOException {
        ByteBuf rest = null;
        boolean whole = false;
        try {
            rest = alloc.directBuffer(length);
            int count = 1;
            while (count > 0 && rest.readableBytes() < length) {
                count = out.readAddress(rest.memoryAddress(), rest.writerIndex(), length);
                rest.writerIndex(rest.writerIndex() + Math.max(0, count));
            }
            whole = rest.readableBytes() == length;
            if (!whole) {
                throw new IOException("of " + length + " bytes that were put into a pipe " + rest.readableBytes() + " came out");
            }
            return rest;
        } finally {
            if (!whole) {
                ReferenceCountUtil.release(rest);
                close();
            }
        }
    }

    boolean isOpen() {
        return out.isOpen();
    }

    @Override
    public void close() {
        try {
            in.close();
            out.close();
        } catch (IOException e) {
            Proxy.LOG.debug("A pipe could not be closed", e);
        }
    }
}
