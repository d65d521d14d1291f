package dev.viridian.proxy;

import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollTcpInfo;
import java.util.concurrent.TimeUnit;

/// Whether the other side of a connection takes what the kernel has for it. Megabytes may lie there, and while they leave nothing passes here: who
/// takes them slowly but steadily is not idle.
final class TcpProgress {
    private static final long NEVER = Long.MAX_VALUE / 2;

    private TcpProgress() {}

    /// When something moved last on a connection. The kernel is asked only when that seems to be longer ago than `patience`.
    ///
    /// @param known when something moved last as far as we know
    static long lastMoved(long known, long now, long patience, Channel channel) {
        return now - known <= patience ? known : Math.max(known, now - sinceSent(channel));
    }

    /// For how long nothing has left. What is sent again, because nobody answers, does not count as leaving.
    private static long sinceSent(Channel channel) {
        if (!(channel instanceof EpollSocketChannel epoll) || !epoll.isActive()) {
            return NEVER;
        }
        EpollTcpInfo info = new EpollTcpInfo();
        epoll.tcpInfo(info);
        return info.retransmits() > 0 ? NEVER : TimeUnit.MILLISECONDS.toNanos(info.lastDataSent());
    }
}
