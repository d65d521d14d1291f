package dev.viridian.proxy;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// A target with one thread for all of its connections, which takes everything that has come on any of them before it answers: who has got an answer
/// knows that all that was sent to the target before has been seen.
final class SelectingTarget implements Closeable {
    /// One connection.
    abstract static class Conversation {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private boolean over;
        private boolean reset;

        abstract void received(byte[] bytes);

        /// No more comes.
        void ended() {}

        final void send(byte[] bytes) {
            out.writeBytes(bytes);
        }

        /// Closes behind what was sent.
        final void close() {
            over = true;
        }

        final void reset() {
            over = reset = true;
        }
    }

    private final ServerSocketChannel server;
    private final Selector selector;
    private final Supplier<Conversation> conversations;
    private final ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
    private final Thread thread;
    private volatile boolean dropping;

    SelectingTarget(Supplier<Conversation> conversations) {
        this.conversations = conversations;
        try {
            selector = Selector.open();
            server = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
            server.configureBlocking(false);
            server.register(selector, SelectionKey.OP_ACCEPT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread = Thread.ofPlatform().name("selecting-target").start(this::run);
    }

    int port() {
        return server.socket().getLocalPort();
    }

    private void run() {
        try {
            while (selector.select() >= 0 && selector.isOpen()) {
                List<SelectionKey> ready = new ArrayList<>(selector.selectedKeys());
                selector.selectedKeys().clear();
                if (dropping) {
                    drop();
                    continue;
                }
                for (SelectionKey key : ready) {
                    if (key.isValid() && key.isAcceptable()) {
                        accept();
                    } else if (key.isValid()) {
                        read(key);
                    }
                }
                for (SelectionKey key : ready) {
                    if (key.attachment() instanceof Conversation conversation) {
                        write((SocketChannel) key.channel(), conversation);
                    }
                }
            }
        } catch (ClosedSelectorException e) {
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Ends all connections, whatever state they are in, but goes on listening.
    void dropConnections() {
        dropping = true;
        selector.wakeup();
        Rig.eventually(() -> !dropping);
    }

    private void drop() throws IOException {
        for (SelectionKey key : List.copyOf(selector.keys())) {
            if (key.attachment() instanceof Conversation) {
                key.channel().close();
            }
        }
        dropping = false;
    }

    private void accept() throws IOException {
        SocketChannel channel = server.accept();
        if (channel != null) {
            channel.configureBlocking(false);
            channel.socket().setTcpNoDelay(true);
            channel.register(selector, SelectionKey.OP_READ, conversations.get());
        }
    }

    private void read(SelectionKey key) throws IOException {
        Conversation conversation = (Conversation) key.attachment();
        int length = readOrEnd((SocketChannel) key.channel());
        if (length < 0) {
            conversation.ended();
            conversation.close();
            return;
        }
        byte[] bytes = new byte[length];
        buffer.flip().get(bytes);
        conversation.received(bytes);
    }

    private int readOrEnd(SocketChannel channel) {
        try {
            return channel.read(buffer.clear());
        } catch (IOException e) {
            // Reset.
            return -1;
        }
    }

    private static void write(SocketChannel channel, Conversation conversation) throws IOException {
        ByteBuffer out = ByteBuffer.wrap(conversation.out.toByteArray());
        conversation.out.reset();
        try {
            while (out.hasRemaining()) {
                channel.write(out);
            }
            if (conversation.reset) {
                channel.socket().setSoLinger(true, 0);
            }
        } catch (IOException e) {
            conversation.over = true;
        }
        if (conversation.over) {
            channel.close();
        }
    }

    @Override
    public void close() {
        try {
            List<SelectionKey> keys = List.copyOf(selector.keys());
            selector.close();
            for (SelectionKey key : keys) {
                key.channel().close();
            }
            thread.join(5000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
