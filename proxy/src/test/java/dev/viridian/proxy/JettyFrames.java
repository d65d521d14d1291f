package dev.viridian.proxy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.GoAwayFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.PingFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.http2.frames.SettingsFrame;
import org.eclipse.jetty.http2.parser.Parser;
import org.eclipse.jetty.http2.parser.ServerParser;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.RateControl;

/// A second reader of HTTP/2, which others wrote: Jetty's parser of frames and headers.
class JettyFrames implements ServerParser.Listener {
    /// What has come of one message.
    static final class Stream {
        /// Method, scheme and path, or status.
        String start = "";
        String authority = "";
        final List<String> interim = new ArrayList<>();
        final List<String> fields = new ArrayList<>();
        final List<String> trailers = new ArrayList<>();
        final ByteArrayOutputStream body = new ByteArrayOutputStream();
        int heads;
        boolean ended;
        /// With an error, or -1.
        int reset = -1;
        /// What Jetty says is wrong with it.
        String problem = "";

        String content() {
            return body.toString(StandardCharsets.ISO_8859_1);
        }

        @Override
        public String toString() {
            return interim + " " + start + " " + authority + " " + fields + " " + content() + " " + trailers + (ended ? " complete" : "")
                    + (reset < 0 ? "" : " reset " + reset) + problem;
        }
    }

    final Map<Integer, Stream> streams = new TreeMap<>();
    private final Parser parser;
    String problem = "";
    int farewell = -1;

    JettyFrames(boolean server) {
        parser = server ? new ServerParser(ByteBufferPool.NON_POOLING, 256 * 1024, RateControl.NO_RATE_CONTROL)
                : new Parser(ByteBufferPool.NON_POOLING, 256 * 1024, RateControl.NO_RATE_CONTROL);
        parser.init(this);
    }

    final void read(byte[] bytes) {
        try {
            parser.parse(ByteBuffer.wrap(bytes));
        } catch (RuntimeException e) {
            problem = e.toString();
        }
    }

    private Stream stream(int id) {
        return streams.computeIfAbsent(id, _ -> new Stream());
    }

    @Override
    public void onHeaders(HeadersFrame frame) {
        Stream stream = stream(frame.getStreamId());
        MetaData data = frame.getMetaData();
        List<String> to = stream.fields;
        Throwable failure = MetaData.Failed.getFailure(data);
        if (failure != null) {
            stream.problem = " " + failure.getMessage();
        } else if (data instanceof MetaData.Request request) {
            stream.heads++;
            stream.start = request.getMethod() + " " + request.getHttpURI().getScheme() + " " + request.getHttpURI().getPathQuery();
            stream.authority = String.valueOf(request.getHttpURI().getAuthority());
        } else if (data instanceof MetaData.Response response && response.getStatus() < 200) {
            to = stream.interim;
            to.add(String.valueOf(response.getStatus()));
        } else if (data instanceof MetaData.Response response) {
            stream.heads++;
            stream.start = String.valueOf(response.getStatus());
        } else {
            to = stream.trailers;
        }
        for (HttpField field : data.getHttpFields()) {
            to.add(field.getName() + ": " + (field.getValue() == null ? "" : field.getValue()));
        }
        stream.ended |= frame.isEndStream();
        happened(frame.getStreamId());
    }

    @Override
    public void onData(DataFrame frame) {
        Stream stream = stream(frame.getStreamId());
        byte[] bytes = new byte[frame.getByteBuffer().remaining()];
        frame.getByteBuffer().get(bytes);
        stream.body.writeBytes(bytes);
        stream.ended |= frame.isEndStream();
        happened(frame.getStreamId());
    }

    @Override
    public void onReset(ResetFrame frame) {
        stream(frame.getStreamId()).reset = frame.getError();
        happened(frame.getStreamId());
    }

    @Override
    public void onSettings(SettingsFrame frame) {
        if (!frame.isReply()) {
            settings();
        }
    }

    @Override
    public void onPing(PingFrame frame) {
        if (!frame.isReply()) {
            pinged(frame.getPayload());
        }
    }

    @Override
    public void onGoAway(GoAwayFrame frame) {
        farewell = frame.getError();
    }

    @Override
    public void onStreamFailure(int streamId, int error, String reason) {
        stream(streamId).problem = " stream failure " + error + " " + reason;
        happened(streamId);
    }

    @Override
    public void onConnectionFailure(int error, String reason) {
        problem = "connection failure " + error + " " + reason;
    }

    /// Something has come for a stream.
    void happened(int streamId) {}

    void settings() {}

    void pinged(byte[] payload) {}
}
