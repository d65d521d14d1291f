package dev.viridian.container.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;

/// One connection: bytes in, bytes out. One thread may read while another writes.
public final class Link implements AutoCloseable {
    private final InputStream in;
    private final OutputStream out;
    private final Closing ending;
    private final Closing closing;

    @FunctionalInterface
    private interface Closing {
        void run() throws IOException;
    }

    private Link(InputStream in, OutputStream out, Closing ending, Closing closing) {
        this.in = new BufferedInputStream(in, 64 * 1024);
        this.out = out;
        this.ending = ending;
        this.closing = closing;
    }

    public static Link over(SocketChannel channel) {
        return new Link(Channels.newInputStream(channel), Channels.newOutputStream(channel), channel::shutdownOutput, channel::close);
    }

    public static Link over(Socket socket) throws IOException {
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        return new Link(socket.getInputStream(), socket.getOutputStream(), socket::shutdownOutput, socket::close);
    }

    public static Link toUnixSocket(String path) throws IOException {
        return over(SocketChannel.open(UnixDomainSocketAddress.of(path)));
    }

    public InputStream in() {
        return in;
    }

    public OutputStream out() {
        return out;
    }

    /// Says "nothing more comes from me" and goes on reading.
    public void endOutput() throws IOException {
        ending.run();
    }

    @Override
    public void close() throws IOException {
        closing.run();
    }
}
