package dev.viridian.proxy;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/// A client that sends exactly the frames it is told to. Headers are packed without tables, so that a test can say whatever it likes.
final class Http2Wire implements Closeable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PUSH_PROMISE = 5;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int END_STREAM = 1;
    static final int ACK = 1;
    static final int END_HEADERS = 4;
    static final int PADDED = 8;

    static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    /// @param fields of HEADERS; several values of a name are joined by line ends
    record Frame(int type, int flags, int stream, byte[] payload, Map<String, String> fields) {
        boolean has(int flag) {
            return (flags & flag) != 0;
        }

        /// Of RST_STREAM and WINDOW_UPDATE the only number, of GOAWAY the last stream.
        int number() {
            return number(0);
        }

        int number(int at) {
            return number(payload, at);
        }

        static int number(byte[] payload, int at) {
            return (payload[at] & 0xff) << 24 | (payload[at + 1] & 0xff) << 16 | (payload[at + 2] & 0xff) << 8 | payload[at + 3] & 0xff;
        }

        /// Of GOAWAY.
        int error() {
            return number(4);
        }
    }

    record Answer(int status, Map<String, String> headers, String body, Map<String, String> trailers) {}

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final DefaultHttp2HeadersDecoder unpacking = new DefaultHttp2HeadersDecoder(false, 1 << 20);
    private final Map<Integer, Collecting> collecting = new HashMap<>();
    private int streams = 1;
    /// What the other side takes on the whole connection; only what it gives is counted here.
    int window = 65_535;
    /// The error of the last GOAWAY; -1 when there was none.
    private int farewell = -1;

    private Http2Wire(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(10_000);
        socket.setTcpNoDelay(true);
        this.in = new DataInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    /// Through the handshake, and nothing more.
    static Http2Wire handshake(int port, String... protocols) throws IOException {
        return handshake(new Socket("127.0.0.1", port), port, protocols);
    }

    private static Http2Wire handshake(Socket plain, int port, String... protocols) throws IOException {
        SSLSocket socket = (SSLSocket) Certificates.client().getSocketFactory().createSocket(plain, "one.test", port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(protocols);
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return new Http2Wire(socket);
    }

    /// With preface, settings and their acknowledgements exchanged.
    static Http2Wire connect(int port, int... settings) throws IOException {
        return greeted(handshake(port, "h2"), settings);
    }

    /// Of a client whose system keeps little for it.
    static Http2Wire narrow(int port, int... settings) throws IOException {
        Socket small = new Socket();
        small.setReceiveBufferSize(4096);
        small.connect(new InetSocketAddress("127.0.0.1", port));
        return greeted(handshake(small, port, "h2"), settings);
    }

    private static Http2Wire greeted(Http2Wire wire, int... settings) throws IOException {
        wire.send(PREFACE.getBytes(StandardCharsets.US_ASCII)).settings(settings);
        boolean acknowledged = false;
        for (boolean greeted = false; !greeted || !acknowledged; ) {
            Frame frame = wire.next();
            if (frame.type() == SETTINGS) {
                greeted |= !frame.has(ACK);
                acknowledged |= frame.has(ACK);
            }
        }
        return wire.frame(SETTINGS, ACK, 0);
    }

    /// The other side of a connection: preface, settings and their acknowledgements are exchanged.
    static Http2Wire accept(Socket socket, int... settings) throws IOException {
        Http2Wire wire = new Http2Wire(socket);
        String preface = new String(wire.in.readNBytes(PREFACE.length()), StandardCharsets.US_ASCII);
        if (!preface.equals(PREFACE)) {
            throw new IOException("not a preface: " + preface);
        }
        wire.settings(settings).next(SETTINGS);
        return wire.frame(SETTINGS, ACK, 0);
    }

    String protocol() {
        return ((SSLSocket) socket).getApplicationProtocol();
    }

    Http2Wire send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
        return this;
    }

    Http2Wire frame(int type, int flags, int stream, byte[] payload) throws IOException {
        return send(bytes(type, flags, stream, payload));
    }

    Http2Wire frame(int type, int flags, int stream, int... octets) throws IOException {
        byte[] payload = new byte[octets.length];
        for (int i = 0; i < octets.length; i++) {
            payload[i] = (byte) octets[i];
        }
        return frame(type, flags, stream, payload);
    }

    static byte[] bytes(int type, int flags, int stream, byte[] payload) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(new byte[] {(byte) (payload.length >> 16), (byte) (payload.length >> 8), (byte) payload.length, (byte) type, (byte) flags});
        all.writeBytes(number(stream));
        all.writeBytes(payload);
        return all.toByteArray();
    }

    static byte[] number(int value) {
        return new byte[] {(byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value};
    }

    /// @param settings identifier, value, and so on
    Http2Wire settings(int... settings) throws IOException {
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        for (int i = 0; i < settings.length; i += 2) {
            payload.writeBytes(new byte[] {(byte) (settings[i] >> 8), (byte) settings[i]});
            payload.writeBytes(number(settings[i + 1]));
        }
        return frame(SETTINGS, 0, 0, payload.toByteArray());
    }

    /// @param fields name, value, and so on
    static byte[] packed(String... fields) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < fields.length; i += 2) {
            all.write(0);
            text(all, fields[i]);
            text(all, fields[i + 1]);
        }
        return all.toByteArray();
    }

    private static void text(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length < 127) {
            out.write(bytes.length);
        } else {
            out.write(127);
            int rest = bytes.length - 127;
            for (; rest >= 128; rest >>= 7) {
                out.write(rest & 127 | 128);
            }
            out.write(rest);
        }
        out.writeBytes(bytes);
    }

    static String[] get(String path, String... more) {
        return request("GET", path, more);
    }

    static String[] request(String method, String path, String... more) {
        List<String> fields = new ArrayList<>(List.of(":method", method, ":scheme", "https", ":path", path, ":authority", "example.test"));
        fields.addAll(List.of(more));
        return fields.toArray(String[]::new);
    }

    Http2Wire headers(int stream, boolean last, String... fields) throws IOException {
        return frame(HEADERS, END_HEADERS | (last ? END_STREAM : 0), stream, packed(fields));
    }

    Http2Wire data(int stream, boolean last, byte... data) throws IOException {
        return frame(DATA, last ? END_STREAM : 0, stream, data);
    }

    int nextStream() {
        int stream = streams;
        streams += 2;
        return stream;
    }

    Answer get(String path) throws IOException {
        int stream = nextStream();
        return headers(stream, true, get(path, new String[0])).answer(stream);
    }

    Answer post(String path, byte[] body) throws IOException {
        int stream = nextStream();
        headers(stream, false, request("POST", path, "content-length", String.valueOf(body.length)));
        return data(stream, true, body).answer(stream);
    }

    /// The next frame; null when the connection has ended.
    @Nullable Frame nextOrNull() throws IOException {
        int first = in.read();
        if (first < 0) {
            return null;
        }
        int length = first << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt() & 0x7fff_ffff;
        byte[] payload = new byte[length];
        in.readFully(payload);
        if (type == GOAWAY) {
            farewell = Frame.number(payload, 4);
        }
        if (type == WINDOW_UPDATE && stream == 0) {
            window += Frame.number(payload, 0);
        }
        return new Frame(type, flags, stream, payload, type == HEADERS ? fields(stream, payload) : Map.of());
    }

    Frame next() throws IOException {
        Frame frame = nextOrNull();
        if (frame == null) {
            throw new IOException("the connection has ended");
        }
        return frame;
    }

    /// The next frame of a type, passing over others.
    Frame next(int type) throws IOException {
        Frame frame = next();
        while (frame.type() != type || type == SETTINGS && frame.has(ACK)) {
            frame = next();
        }
        return frame;
    }

    /// What has come of an answer so far.
    private static final class Collecting {
        private Map<String, String> headers = Map.of();
        private Map<String, String> trailers = Map.of();
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private boolean done;
        private int reset = -1;

        void add(Frame frame) {
            if (frame.type() == RST_STREAM && !done) {
                reset = frame.number();
            } else if (frame.type() == HEADERS) {
                boolean first = headers.isEmpty() || headers.get(":status").startsWith("1");
                headers = first ? frame.fields() : headers;
                trailers = first ? trailers : frame.fields();
            } else if (frame.type() == DATA) {
                body.writeBytes(frame.payload());
            }
            done |= (frame.type() == DATA || frame.type() == HEADERS) && frame.has(END_STREAM);
        }
    }

    /// Everything a stream gets, with window given back for it. What comes for others meanwhile is kept for them.
    Answer answer(int stream) throws IOException {
        Collecting wanted = collecting.computeIfAbsent(stream, _ -> new Collecting());
        while (!wanted.done && wanted.reset < 0) {
            Frame frame = next();
            if (frame.type() == DATA && frame.payload().length > 0) {
                frame(WINDOW_UPDATE, 0, 0, number(frame.payload().length));
                if (!frame.has(END_STREAM)) {
                    frame(WINDOW_UPDATE, 0, frame.stream(), number(frame.payload().length));
                }
            }
            collecting.computeIfAbsent(frame.stream(), _ -> new Collecting()).add(frame);
        }
        if (wanted.reset >= 0) {
            throw new IOException("stream " + stream + " was reset with " + wanted.reset);
        }
        return new Answer(Integer.parseInt(wanted.headers.get(":status")), wanted.headers, wanted.body.toString(StandardCharsets.ISO_8859_1),
                wanted.trailers);
    }

    private Map<String, String> fields(int stream, byte[] payload) throws IOException {
        Map<String, String> fields = new TreeMap<>();
        try {
            Http2Headers headers = unpacking.decodeHeaders(stream, Unpooled.wrappedBuffer(payload));
            headers.forEach(field -> fields.merge(field.getKey().toString(), field.getValue().toString(), (a, b) -> a + "\n" + b));
        } catch (Http2Exception e) {
            throw new IOException(e);
        }
        return fields;
    }

    /// Everything until the other side closes.
    ///
    /// @return the error of the last GOAWAY there ever was; -1 when there was none
    int goodbye() throws IOException {
        try {
            while (nextOrNull() != null) {
                continue;
            }
        } catch (java.net.SocketException e) {
            return farewell;
        }
        return farewell;
    }

    /// Whether a GOAWAY has been read.
    boolean toldToGo() {
        return farewell >= 0;
    }

    Socket socket() {
        return socket;
    }

    InputStream in() {
        return in;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
