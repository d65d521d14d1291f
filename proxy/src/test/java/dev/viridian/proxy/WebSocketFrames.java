package dev.viridian.proxy;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A WebSocket client that sends exactly the frames it is told to, legal or not, cut as it is told to, and writes down what it gets.
final class WebSocketFrames {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;
    private static final byte[] MASK = {0x11, (byte) 0xa7, 0x3c, 0x5f};

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    WebSocketFrames text(String text) {
        return frame(true, 0, TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    WebSocketFrames binary(int length) {
        return frame(true, 0, BINARY, pattern(length));
    }

    WebSocketFrames ping(byte[] payload) {
        return frame(true, 0, PING, payload);
    }

    WebSocketFrames close(int code, String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        byte[] payload = new byte[2 + text.length];
        payload[0] = (byte) (code >> 8);
        payload[1] = (byte) code;
        System.arraycopy(text, 0, payload, 2, text.length);
        return frame(true, 0, CLOSE, payload);
    }

    WebSocketFrames frame(boolean last, int reserved, int opcode, byte[] payload) {
        bytes.write((last ? 0x80 : 0) | reserved << 4 | opcode);
        if (payload.length < 126) {
            bytes.write(0x80 | payload.length);
        } else if (payload.length < 65536) {
            bytes.write(0x80 | 126);
            bytes.write(payload.length >> 8);
            bytes.write(payload.length);
        } else {
            bytes.write(0x80 | 127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                bytes.write((int) ((long) payload.length >> shift));
            }
        }
        bytes.writeBytes(MASK);
        for (int i = 0; i < payload.length; i++) {
            bytes.write(payload[i] ^ MASK[i & 3]);
        }
        return this;
    }

    static byte[] pattern(int length) {
        byte[] pattern = new byte[length];
        for (int i = 0; i < length; i++) {
            pattern[i] = (byte) (i * 31 + (i >> 8));
        }
        return pattern;
    }

    /// What a client sees that opens a WebSocket at `port`, sends these frames in pieces of `cut` bytes and reads until the other side ends.
    ///
    /// Messages are written down whole, however they were fragmented, because a server may cut as it likes.
    List<String> play(int port, int cut) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(20_000);
            socket.setTcpNoDelay(true);
            socket.getOutputStream().write(("GET / HTTP/1.1\r\nHost: a.test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            DataInputStream in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
            String head = Backend.readHead(in);
            if (head == null || !head.startsWith("HTTP/1.1 101") || !head.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")) {
                throw new IOException("no WebSocket: " + head);
            }
            Thread sending = Thread.startVirtualThread(() -> send(socket, cut));
            List<String> seen = read(in);
            sending.join();
            return seen;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void send(Socket socket, int cut) {
        byte[] all = bytes.toByteArray();
        try {
            OutputStream out = socket.getOutputStream();
            for (int at = 0; at < all.length; at += cut) {
                out.write(all, at, Math.min(cut, all.length - at));
            }
        } catch (IOException e) {
            // The server has ended the connection before it had everything; what it said is read by the other thread.
        }
    }

    private static List<String> read(DataInputStream in) throws IOException {
        List<String> seen = new ArrayList<>();
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        int kind = 0;
        try {
            while (true) {
                int first = in.readUnsignedByte();
                int second = in.readUnsignedByte();
                long length = (second & 127) == 126 ? in.readUnsignedShort() : (second & 127) == 127 ? in.readLong() : second & 127;
                byte[] payload = in.readNBytes((int) length);
                int opcode = first & 15;
                switch (opcode) {
                    case CLOSE -> seen.add("close " + (payload.length < 2 ? "" : (payload[0] & 255) << 8 | payload[1] & 255));
                    case PING, PONG -> seen.add((opcode == PING ? "ping " : "pong ") + Arrays.hashCode(payload) + " of " + payload.length);
                    default -> {
                        kind = opcode == CONTINUATION ? kind : opcode;
                        message.writeBytes(payload);
                        if ((first & 0x80) != 0) {
                            seen.add((kind == TEXT ? "text " : "binary ") + Arrays.hashCode(message.toByteArray()) + " of " + message.size());
                            message.reset();
                        }
                    }
                }
            }
        } catch (EOFException | SocketException e) {
            seen.add("end");
            return seen;
        }
    }
}
