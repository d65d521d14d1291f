package dev.viridian.container.http;

import java.io.EOFException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// The bytes after a head, framed as the head says.
public final class Body {
    private Body() {}

    /// Body of a response: chunked, of a length, or until the other side closes.
    public static InputStream of(Head response, InputStream in) {
        int status = response.status();
        if (status == 204 || status == 304) {
            return InputStream.nullInputStream();
        }
        if (isChunked(response)) {
            return new Chunked(in);
        }
        return response.first("Content-Length").<InputStream>map(length -> new Sized(in, Long.parseLong(length))).orElse(in);
    }

    /// Body of a request: chunked or of a length; without either there is none.
    public static InputStream ofRequest(Head request, InputStream in) {
        if (isChunked(request)) {
            return new Chunked(in);
        }
        return new Sized(in, request.first("Content-Length").map(Long::parseLong).orElse(0L));
    }

    /// Frames what is written as chunks; closing ends the body and leaves `out` open.
    public static OutputStream chunked(OutputStream out) {
        return new Chunking(out);
    }

    private static boolean isChunked(Head head) {
        return head.first("Transfer-Encoding").filter("chunked"::equalsIgnoreCase).isPresent();
    }

    private static final class Sized extends InputStream {
        private final InputStream in;
        private long left;

        Sized(InputStream in, long length) {
            this.in = in;
            left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int count = in.read(bytes, offset, (int) Math.min(length, left));
            if (count < 0) {
                throw new EOFException("connection closed " + left + " bytes before the end of the body");
            }
            left -= count;
            return count;
        }
    }

    private static final class Chunked extends InputStream {
        private final InputStream in;
        private long left;
        private boolean first = true;
        private boolean ended;

        Chunked(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) {
                return 0; // readNBytes ends with such a read: it must not wait for the next chunk
            }
            if (left == 0 && !ended) {
                nextChunk();
            }
            if (ended) {
                return -1;
            }
            int count = in.read(bytes, offset, (int) Math.min(length, left));
            if (count < 0) {
                throw new EOFException("connection closed in the middle of a chunk");
            }
            left -= count;
            return count;
        }

        private void nextChunk() throws IOException {
            if (!first) {
                sizeLine();
            }
            first = false;
            String size = sizeLine();
            left = Long.parseLong(size.split(";", 2)[0].strip(), 16);
            if (left == 0) {
                ended = true;
                skipTrailers();
            }
        }

        private void skipTrailers() throws IOException {
            String line = sizeLine();
            while (!line.isEmpty()) {
                line = sizeLine();
            }
        }

        private String sizeLine() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int next = in.read(); next != '\n'; next = in.read()) {
                if (next < 0) {
                    throw new EOFException("connection closed between chunks");
                }
                line.append((char) next);
            }
            return line.toString().strip();
        }
    }

    private static final class Chunking extends FilterOutputStream {
        private static final byte[] END = "\r\n".getBytes(StandardCharsets.US_ASCII);
        private boolean closed;

        Chunking(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (length > 0) {
                out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                out.write(bytes, offset, length);
                out.write(END);
                out.flush();
            }
        }

        @Override
        public void close() throws IOException {
            if (!closed) {
                closed = true;
                out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                out.flush();
            }
        }
    }
}
