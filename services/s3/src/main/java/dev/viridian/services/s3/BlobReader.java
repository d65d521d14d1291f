package dev.viridian.services.s3;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A range of bytes out of blobs that stand one after the other. Closing it releases the blobs, which the caller has held.
final class BlobReader extends InputStream {
    private final Blobs blobs;
    private final List<Piece> pieces;
    private int index;
    private long position;
    private long left;
    private @Nullable FileChannel channel;
    private boolean closed;

    BlobReader(Blobs blobs, List<Piece> pieces, long offset, long length) {
        this.blobs = blobs;
        this.pieces = pieces;
        this.position = offset;
        this.left = length;
        while (index < pieces.size() && position >= pieces.get(index).size()) {
            position -= pieces.get(index++).size();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (left > 0) {
            FileChannel open = current();
            int n = open.read(ByteBuffer.wrap(bytes, offset, (int) Math.min(length, left)), position);
            if (n > 0) {
                position += n;
                left -= n;
                return n;
            }
            next(open);
        }
        return -1;
    }

    private FileChannel current() throws IOException {
        if (index >= pieces.size()) {
            throw new IOException("The object's blobs hold " + left + " bytes less than its record says");
        }
        if (channel == null) {
            channel = blobs.open(pieces.get(index).blob());
        }
        return channel;
    }

    private void next(FileChannel read) throws IOException {
        read.close();
        channel = null;
        index++;
        position = 0;
    }

    @Override
    public int available() {
        return (int) Math.min(left, Integer.MAX_VALUE);
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try {
            if (channel != null) {
                channel.close();
            }
        } finally {
            blobs.release(pieces.stream().map(Piece::blob).toList());
        }
    }
}
