package dev.viridian.proxy;

import dev.viridian.proxy.routing.Target;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/// A WebSocket server that others wrote and that sends every message back.
interface EchoServer extends AutoCloseable {
    int MAX_MESSAGE = 4 << 20;

    int port();

    @Override
    void close() throws Exception;

    default Target target() {
        return Target.at("127.0.0.1", port());
    }

    /// Those there are.
    enum Kind {
        JETTY(JettyEcho::new), NETTY(NettyEcho::new);

        private final Supplier<EchoServer> start;

        Kind(Supplier<EchoServer> start) {
            this.start = start;
        }

        EchoServer start() {
            return start.get();
        }
    }

    /// Jetty's.
    final class JettyEcho implements EchoServer {
        private final Server server = new Server(new InetSocketAddress("127.0.0.1", 0));

        JettyEcho() {
            server.setHandler(WebSocketUpgradeHandler.from(server, container -> {
                container.setMaxTextMessageSize(MAX_MESSAGE);
                container.setMaxBinaryMessageSize(MAX_MESSAGE);
                container.setMaxFrameSize(MAX_MESSAGE);
                container.addMapping("/", (_, _, _) -> new Echo());
            }));
            try {
                server.start();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        public static final class Echo implements Session.Listener.AutoDemanding {
            private Session session;

            @Override
            public void onWebSocketOpen(Session session) {
                this.session = session;
            }

            @Override
            public void onWebSocketError(Throwable cause) {
                // Jetty has answered a broken frame with a close frame; there is nothing to add.
            }

            @Override
            public void onWebSocketText(String message) {
                session.sendText(message, Callback.NOOP);
            }

            @Override
            public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
                session.sendBinary(payload, callback);
            }
        }

        @Override
        public int port() {
            return ((ServerConnector) server.getConnectors()[0]).getLocalPort();
        }

        @Override
        public void close() throws Exception {
            server.stop();
        }
    }

    /// Netty's.
    final class NettyEcho implements EchoServer {
        private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        private final int port;

        NettyEcho() {
            WebSocketServerProtocolConfig config = WebSocketServerProtocolConfig.newBuilder().websocketPath("/")
                    .decoderConfig(WebSocketDecoderConfig.newBuilder().maxFramePayloadLength(MAX_MESSAGE).withUTF8Validator(true).build()).build();
            port = ((InetSocketAddress) new ServerBootstrap().group(loops).channel(NioServerSocketChannel.class)
                    .childHandler(new ChannelInitializer<SocketChannel>() {
                        @Override
                        protected void initChannel(SocketChannel channel) {
                            channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(65536), new WebSocketServerProtocolHandler(config),
                                    new WebSocketFrameAggregator(MAX_MESSAGE), new Echo());
                        }
                    }).bind("127.0.0.1", 0).syncUninterruptibly().channel().localAddress()).getPort();
        }

        private static final class Echo extends SimpleChannelInboundHandler<WebSocketFrame> {
            @Override
            protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
                ctx.writeAndFlush(frame instanceof TextWebSocketFrame text ? new TextWebSocketFrame(text.text()) : frame.retain());
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                // Netty has answered a broken frame with a close frame; there is nothing to add.
            }
        }

        @Override
        public int port() {
            return port;
        }

        @Override
        public void close() {
            loops.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }
}
