package dev.viridian.proxy;

/// A target that speaks HTTP/2, and reads it with the second reader.
abstract class FramedConversation extends SelectingTarget.Conversation {
    final JettyFrames frames = new JettyFrames(true) {
        @Override
        void settings() {
            send(Http2Wire.bytes(Http2Wire.SETTINGS, 0, 0, new byte[0]));
            send(Http2Wire.bytes(Http2Wire.SETTINGS, Http2Wire.ACK, 0, new byte[0]));
        }

        @Override
        void pinged(byte[] payload) {
            send(Http2Wire.bytes(Http2Wire.PING, Http2Wire.ACK, 0, payload));
        }

        @Override
        void happened(int streamId) {
            Stream stream = streams.get(streamId);
            if (stream.ended && !stream.problem.isEmpty()) {
                send(Http2Wire.bytes(Http2Wire.HEADERS, Http2Wire.END_HEADERS | Http2Wire.END_STREAM, streamId, Http2Wire.packed(":status", "400")));
            } else if (stream.ended && stream.reset < 0) {
                send(Http2Wire.bytes(Http2Wire.WINDOW_UPDATE, 0, 0, Http2Wire.number(100_000)));
                asked(streamId);
            }
        }
    };

    /// All of a request has come.
    abstract void asked(int streamId);

    @Override
    void received(byte[] bytes) {
        frames.read(bytes);
        if (!frames.problem.isEmpty()) {
            close();
        }
    }
}
