package dev.viridian.proxy;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// Bytes on their way from socket to socket within the kernel.
class KernelPipeTest {
    static {
        Epoll.ensureAvailability();
    }

    private final ByteBufAllocator alloc = new UnpooledByteBufAllocator(true);

    /// Two ends of one connection: one in the hands of the proxy, one in those of the test.
    private record Pair(Socket ours, Wire theirs) implements AutoCloseable {
        static Pair connected(int bufferSize) throws IOException {
            try (ServerSocket server = new ServerSocket()) {
                if (bufferSize > 0) {
                    server.setReceiveBufferSize(bufferSize);
                }
                server.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
                Socket ours = Socket.newSocketStream();
                if (bufferSize > 0) {
                    ours.setSendBufferSize(bufferSize);
                }
                ours.connect(new InetSocketAddress("127.0.0.1", server.getLocalPort()));
                Wire theirs = new Wire(server.accept(), "", 0);
                Rig.eventually(() -> connected(ours));
                return new Pair(ours, theirs);
            }
        }

        private static boolean connected(Socket socket) {
            try {
                return socket.finishConnect();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            ours.close();
            theirs.close();
        }
    }

    @Test
    void what_the_receiver_does_not_take_is_left_over_and_the_pipe_is_empty_again() throws IOException {
        try (KernelPipe pipe = requireNonNull(KernelPipe.open());
                Pair from = Pair.connected(0); Pair narrow = Pair.connected(4096); Pair wide = Pair.connected(0)) {
            Thread.startVirtualThread(() -> send(from.theirs(), "a".repeat(300_000)));
            int[] rest = {0};
            int moved = 0;
            while (moved < 300_000) {
                moved += pipe.move(from.ours(), narrow.ours(), 300_000 - moved, alloc, left -> {
                    rest[0] += left.readableBytes();
                    left.release();
                });
            }
            assertThat(rest[0]).isPositive();

            from.theirs().send("b".repeat(10));
            Rig.eventually(() -> move(pipe, from, wide, alloc) == 10);
            assertThat(wide.theirs().readText(10)).isEqualTo("b".repeat(10));
        }
    }

    @Test
    void bytes_that_find_no_room_when_they_come_back_are_for_nobody_else() throws IOException {
        try (KernelPipe pipe = requireNonNull(KernelPipe.open()); Pair from = Pair.connected(0); Pair narrow = Pair.connected(4096)) {
            ByteBufAllocator full = (ByteBufAllocator) java.lang.reflect.Proxy.newProxyInstance(getClass().getClassLoader(),
                    new Class<?>[] {ByteBufAllocator.class}, (_, _, _) -> {
                        throw new OutOfMemoryError("no direct memory");
                    });
            Thread.startVirtualThread(() -> send(from.theirs(), "a".repeat(3_000_000)));
            assertThatThrownBy(() -> {
                for (int moved = 0; moved < 3_000_000;) {
                    moved += pipe.move(from.ours(), narrow.ours(), 3_000_000, full, ByteBuf::release);
                }
            }).isInstanceOf(OutOfMemoryError.class);
            assertThat(pipe.isOpen()).isFalse();
        }
    }

    @Test
    void a_sender_that_breaks_off_is_told_of() throws IOException {
        try (KernelPipe pipe = requireNonNull(KernelPipe.open()); Pair from = Pair.connected(0); Pair to = Pair.connected(0)) {
            from.theirs().reset();
            assertThatThrownBy(() -> Rig.eventually(() -> move(pipe, from, to, alloc) > 0)).isInstanceOf(java.io.UncheckedIOException.class);
        }
    }

    private static int move(KernelPipe pipe, Pair from, Pair to, ByteBufAllocator alloc) {
        try {
            return pipe.move(from.ours(), to.ours(), Long.MAX_VALUE, alloc, ByteBuf::release);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void send(Wire wire, String text) {
        try {
            wire.send(text.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException _) {
            // The test has seen enough and has closed the connection.
        }
    }
}
