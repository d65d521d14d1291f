package dev.viridian.proxy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpVersion;

/// A second reader, which others wrote: Jetty's parser, as strict as it can be while it still reads what RFC 9110 allows.
final class JettyReader implements HttpParser.RequestHandler, HttpParser.ResponseHandler {
    /// @param start  method and target, or status
    /// @param body   content, framing removed
    /// @param trailers what came behind the last chunk
    /// @param end    how many bytes had been read when it was over
    record Message(String start, List<String> fields, String body, List<String> trailers, int end) {}

    private final List<Message> messages = new ArrayList<>();
    private final ByteBuffer bytes;
    private String start = "";
    private List<String> fields = new ArrayList<>();
    private List<String> trailers = new ArrayList<>();
    private ByteArrayOutputStream body = new ByteArrayOutputStream();
    private String problem = "";

    private JettyReader(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes);
    }

    static JettyReader requests(byte[] bytes) {
        JettyReader reader = new JettyReader(bytes);
        reader.read(new HttpParser((HttpParser.RequestHandler) reader, 256 * 1024, HttpCompliance.RFC9110), false);
        return reader;
    }

    /// @param toHead whether the answer is one to HEAD
    static JettyReader answer(byte[] bytes, boolean toHead) {
        JettyReader reader = new JettyReader(bytes);
        HttpParser parser = new HttpParser((HttpParser.ResponseHandler) reader, 256 * 1024, HttpCompliance.RFC9110);
        reader.read(parser, toHead);
        if (reader.problem.isEmpty() && !parser.isStart() && !parser.isChunking()) {
            // An answer may end with its connection, but for chunks, where Jetty does without the last of the trailers.
            parser.atEOF();
            parser.parseNext(reader.bytes);
        }
        return reader;
    }

    private void read(HttpParser parser, boolean toHead) {
        int before = -1;
        parser.setHeadResponse(toHead);
        while (problem.isEmpty() && bytes.hasRemaining() && bytes.position() != before) {
            before = bytes.position();
            if (parser.parseNext(bytes) && parser.isComplete()) {
                parser.reset();
                parser.setHeadResponse(toHead);
            }
        }
    }

    List<Message> messages() {
        return messages;
    }

    /// Why it stopped reading; empty when everything was read.
    String problem() {
        return problem;
    }

    @Override
    public void startRequest(String method, String uri, HttpVersion version) {
        start = method + " " + uri;
    }

    @Override
    public void startResponse(HttpVersion version, int status, String reason) {
        start = String.valueOf(status);
    }

    @Override
    public void parsedHeader(HttpField field) {
        fields.add(field.getName() + ": " + (field.getValue() == null ? "" : field.getValue()));
    }

    @Override
    public void parsedTrailer(HttpField field) {
        trailers.add(field.getName() + ": " + (field.getValue() == null ? "" : field.getValue()));
    }

    @Override
    public boolean headerComplete() {
        return false;
    }

    @Override
    public boolean content(ByteBuffer content) {
        byte[] copy = new byte[content.remaining()];
        content.get(copy);
        body.writeBytes(copy);
        return false;
    }

    @Override
    public boolean contentComplete() {
        return false;
    }

    @Override
    public boolean messageComplete() {
        messages.add(new Message(start, fields, body.toString(StandardCharsets.ISO_8859_1), trailers, bytes.position()));
        fields = new ArrayList<>();
        trailers = new ArrayList<>();
        body = new ByteArrayOutputStream();
        return true;
    }

    /// Also when the content of a request is bad.
    @Override
    public void earlyEOF() {
        problem = "bad or missing content";
    }

    @Override
    public void badMessage(HttpException failure) {
        problem = failure.getCode() + " " + failure.getReason();
    }
}
