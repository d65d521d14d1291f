package dev.viridian.proxy.http;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Follows a chunked body as it passes, so that its end is known and nothing but chunks goes through.
///
/// Bytes are not changed: sizes, extensions and trailers reach the other side as they came, once they have been found well-formed. Trailers that
/// would say anew how the message is framed, routed or authorised make it malformed ([Trailers]).
public final class ChunkScanner {
    private static final int MAX_EXTENSIONS = 1024;
    private static final int MAX_TRAILERS = 16 * 1024;

    private enum State { SIZE_START, SIZE, EXTENSION, NAME, VALUE, TOKEN, QUOTED, ESCAPED, UNQUOTED, SIZE_LF, DATA, DATA_CR, DATA_LF, TRAILER_START, TRAILER_NAME, TRAILER_VALUE, TRAILER_LF, END_LF,
            DONE, BAD }

    private State state = State.SIZE_START;
    private long remaining;
    private int digits;
    private int overhead;
    /// Of the trailer being read, as far as it matters; made when there is one.
    private byte[] name = {};
    private int nameLength;
    private final @Nullable ByteArrayOutputStream trailers;

    public ChunkScanner() {
        this(false);
    }

    /// @param keepsTrailers whether somebody will ask for [#trailers]
    public ChunkScanner(boolean keepsTrailers) {
        trailers = keepsTrailers ? new ByteArrayOutputStream(0) : null;
    }

    public void reset() {
        state = State.SIZE_START;
        remaining = 0;
        digits = 0;
        overhead = 0;
        if (trailers != null) {
            trailers.reset();
        }
    }

    /// The lines between the last chunk and the empty line, as they came.
    public byte[] trailers() {
        byte[] kept = trailers == null ? new byte[0] : trailers.toByteArray();
        return kept.length == 0 ? kept : Arrays.copyOf(kept, kept.length - 1);
    }

    /// The last chunk and its trailers are through.
    public boolean done() {
        return state == State.DONE;
    }

    /// Something came that is not a chunk; the message is beyond repair.
    public boolean bad() {
        return state == State.BAD;
    }

    /// Looks at what is readable, without moving the reader index.
    ///
    /// @param data where the content (without framing) is copied to; null when nobody wants it
    /// @return how many bytes belong to this body; what lies behind them is the next message's
    public int scan(ByteBuf in, @Nullable ByteBuf data) {
        int from = in.readerIndex();
        int to = in.writerIndex();
        int at = from;
        while (at < to && state != State.DONE && state != State.BAD) {
            if (state == State.DATA) {
                int n = (int) Math.min(remaining, to - at);
                if (data != null) {
                    data.writeBytes(in, at, n);
                }
                at += n;
                remaining -= n;
                if (remaining == 0) {
                    state = State.DATA_CR;
                }
            } else {
                byte b = in.getByte(at++);
                if (trailers != null && state.ordinal() >= State.TRAILER_START.ordinal() && state.ordinal() <= State.TRAILER_LF.ordinal()) {
                    trailers.write(b);
                }
                state = next(b);
            }
        }
        return at - from;
    }

    private State next(byte b) {
        return switch (state) {
            case SIZE_START, SIZE -> size(b);
            case EXTENSION, NAME, VALUE, TOKEN, QUOTED, ESCAPED, UNQUOTED -> ++overhead <= MAX_EXTENSIONS ? extension(b) : State.BAD;
            case SIZE_LF -> b != '\n' ? State.BAD : sized();
            case DATA_CR -> b == '\r' ? State.DATA_LF : State.BAD;
            case DATA_LF -> b == '\n' ? State.SIZE_START : State.BAD;
            case TRAILER_START -> {
                nameLength = 0;
                yield b == '\r' ? State.END_LF : trailerName(b);
            }
            case TRAILER_NAME -> b != ':' ? trailerName(b) : Trailers.allowed(name, nameLength) ? trailer(State.TRAILER_VALUE) : State.BAD;
            case TRAILER_VALUE -> b == '\r' ? State.TRAILER_LF : Ascii.isField(b) ? trailer(State.TRAILER_VALUE) : State.BAD;
            case TRAILER_LF -> b == '\n' ? State.TRAILER_START : State.BAD;
            case END_LF -> b == '\n' ? State.DONE : State.BAD;
            case DATA, DONE, BAD -> throw new IllegalStateException("no single byte is read while " + state);
        };
    }

    private State size(byte b) {
        int digit = Ascii.hex(b);
        if (digit >= 0) {
            remaining = remaining << 4 | digit;
            return ++digits <= 15 ? State.SIZE : State.BAD;
        }
        if (state == State.SIZE_START) {
            return State.BAD;
        }
        return b == '\r' ? State.SIZE_LF : b == ';' ? State.EXTENSION : State.BAD;
    }

    /// `;name`, `;name=token` or `;name="quoted"`, without spaces but within quotes: a reader that knows quotes and one that does not must agree on
    /// where the line ends.
    private State extension(byte b) {
        return switch (state) {
            case EXTENSION -> Ascii.isToken(b) ? State.NAME : State.BAD;
            case NAME -> Ascii.isToken(b) ? State.NAME : b == '=' ? State.VALUE : extended(b);
            case VALUE -> b == '"' ? State.QUOTED : Ascii.isToken(b) ? State.TOKEN : State.BAD;
            case TOKEN -> Ascii.isToken(b) ? State.TOKEN : extended(b);
            case QUOTED -> b == '"' ? State.UNQUOTED : b == '\\' ? State.ESCAPED : Ascii.isField(b) ? State.QUOTED : State.BAD;
            case ESCAPED -> Ascii.isField(b) ? State.QUOTED : State.BAD;
            default -> extended(b);
        };
    }

    private static State extended(byte b) {
        return b == '\r' ? State.SIZE_LF : b == ';' ? State.EXTENSION : State.BAD;
    }

    private State sized() {
        digits = 0;
        overhead = 0;
        return remaining == 0 ? State.TRAILER_START : State.DATA;
    }

    private State trailerName(byte b) {
        if (nameLength < Trailers.LONGEST_NAME) {
            if (name.length == 0) {
                name = new byte[Trailers.LONGEST_NAME];
            }
            name[nameLength] = b;
        }
        nameLength++;
        return Ascii.isToken(b) ? trailer(State.TRAILER_NAME) : State.BAD;
    }

    private State trailer(State following) {
        return ++overhead <= MAX_TRAILERS ? following : State.BAD;
    }
}
