package dev.viridian.app.bench;

/// What nginx and HAProxy are told. Equal among them and with ours: connections to the backend are kept, bodies pass through without being stored,
/// buffers of 64 KB, large bodies by `splice` (nginx has no such thing), the forwarding headers are set, nothing is compressed, TLS with the same
/// certificate.
final class Configurations {
    private static final String NGINX = """
            daemon off;
            worker_processes %d;
            worker_rlimit_nofile 16384;
            pid nginx-%s.pid;
            error_log stderr error;
            %s
            events { worker_connections 8192; }
            """;

    private Configurations() {}

    /// Answers from memory; `/upload` is answered when all of the body has been read.
    ///
    /// @param witness port of the [Witness], who writes `witness.log`
    /// @param files   folder with `10k` and `1m`
    static String backend(int port, int witness, String files) {
        return NGINX.formatted(1, "backend", "") + """
                http {
                  access_log off;
                  sendfile on;
                  tcp_nopush on;
                  tcp_nodelay on;
                  keepalive_requests 1000000000;
                  keepalive_timeout 300;
                  open_file_cache max=10;
                  open_file_cache_valid 1h;
                  default_type application/octet-stream;
                  client_max_body_size 0;
                  client_body_buffer_size 256k;
                  client_body_temp_path temp-backend;
                  proxy_temp_path temp-backend-proxy;
                  fastcgi_temp_path temp-unused;
                  uwsgi_temp_path temp-unused;
                  scgi_temp_path temp-unused;
                  upstream self { server 127.0.0.1:PORT; keepalive 64; }
                  server {
                    listen 127.0.0.1:PORT backlog=4096;
                    root FILES;
                    location = /small { default_type text/plain; return 200 "BODY"; }
                    location = /upload {
                      proxy_pass http://self/small;
                      proxy_http_version 1.1;
                      proxy_method GET;
                      proxy_pass_request_body off;
                      proxy_set_header Connection "";
                      proxy_set_header Content-Length "";
                    }
                  }
                  log_format sessions '$ssl_session_reused';
                  server {
                    listen 127.0.0.1:WITNESS backlog=4096 ssl;
                    ssl_certificate bench.crt;
                    ssl_certificate_key bench.key;
                    ssl_protocols TLSv1.2 TLSv1.3;
                    access_log witness.log sessions;
                    return 200 "";
                  }
                }
                """.replace("PORT", Integer.toString(port)).replace("WITNESS", Integer.toString(witness)).replace("FILES", files)
                .replace("BODY", "0123456789abcdef".repeat(8));
    }

    /// @param streamModule path of the module that passes TCP through; empty when it is not installed
    static String nginx(Ports ports, int backend, int cores, String streamModule) {
        String load = streamModule.isEmpty() ? "" : "load_module " + streamModule + ";";
        String http = """
                http {
                  access_log off;
                  log_format elb '$time_iso8601 $remote_addr:$remote_port $upstream_addr $request_time $upstream_response_time $status '
                                 '$upstream_status $request_length $bytes_sent "$request" "$http_user_agent"';
                  tcp_nodelay on;
                  keepalive_requests 1000000000;
                  keepalive_timeout 300;
                  client_max_body_size 0;
                  client_body_buffer_size 64k;
                  client_body_temp_path temp-nginx;
                  proxy_temp_path temp-nginx-proxy;
                  fastcgi_temp_path temp-unused;
                  uwsgi_temp_path temp-unused;
                  scgi_temp_path temp-unused;
                  proxy_http_version 1.1;
                  proxy_request_buffering off;
                  proxy_buffer_size 64k;
                  proxy_buffers 8 64k;
                  proxy_busy_buffers_size 128k;
                  proxy_max_temp_file_size 0;
                  proxy_set_header Connection "";
                  proxy_set_header Host $host;
                  proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                  proxy_set_header X-Forwarded-Proto $scheme;
                  proxy_set_header X-Forwarded-Port $server_port;
                  upstream backend { server 127.0.0.1:BACKEND; keepalive 1024; keepalive_requests 1000000000; keepalive_timeout 300; }
                  server { listen 127.0.0.1:HTTP backlog=4096; location / { proxy_pass http://backend; } }
                  server {
                    listen 127.0.0.1:LOGGED backlog=4096;
                    access_log nginx-access.log elb buffer=64k flush=5s;
                    location / { proxy_pass http://backend; }
                  }
                  server {
                    listen 127.0.0.1:TLS backlog=4096 ssl http2;
                    http2_max_concurrent_streams 128;
                    ssl_certificate bench.crt;
                    ssl_certificate_key bench.key;
                    ssl_protocols TLSv1.2 TLSv1.3;
                    location / { proxy_pass http://backend; }
                  }
                }
                """;
        String stream = streamModule.isEmpty() ? "" : """
                stream {
                  tcp_nodelay on;
                  proxy_buffer_size 64k;
                  server { listen 127.0.0.1:STREAM backlog=4096; proxy_pass 127.0.0.1:BACKEND; }
                }
                """;
        return NGINX.formatted(cores, "proxy", load) + (http + stream)
                .replace("BACKEND", Integer.toString(backend))
                .replace("HTTP", Integer.toString(ports.http()))
                .replace("LOGGED", Integer.toString(ports.logged()))
                .replace("TLS ", ports.https() + " ")
                .replace("STREAM", Integer.toString(ports.tcp()));
    }

    static String haproxy(Ports ports, int backend, int cores) {
        return """
                global
                  nbthread CORES
                  maxconn 8192
                  tune.bufsize 65536
                  tune.pipesize 524288
                  maxpipes 512
                  tune.h2.max-concurrent-streams 128
                  ssl-default-bind-options ssl-min-ver TLSv1.2
                  log stdout len 4096 format raw local0
                defaults
                  mode http
                  timeout connect 5s
                  timeout client 300s
                  timeout server 300s
                  timeout http-keep-alive 300s
                  option http-keep-alive
                  option splice-auto
                  http-reuse always
                frontend plain
                  bind 127.0.0.1:HTTP backlog 4096
                  http-request set-header X-Forwarded-Proto http
                  http-request set-header X-Forwarded-Port %[dst_port]
                  option forwardfor
                  default_backend web
                frontend logged
                  bind 127.0.0.1:LOGGED backlog 4096
                  log global
                  option httplog
                  http-request set-header X-Forwarded-Proto http
                  http-request set-header X-Forwarded-Port %[dst_port]
                  option forwardfor
                  default_backend web
                frontend secure
                  bind 127.0.0.1:TLS backlog 4096 ssl crt bench.pem alpn h2,http/1.1
                  http-request set-header X-Forwarded-Proto https
                  http-request set-header X-Forwarded-Port %[dst_port]
                  option forwardfor
                  default_backend web
                backend web
                  server one 127.0.0.1:BACKEND check inter 10s
                listen stream
                  mode tcp
                  bind 127.0.0.1:STREAM backlog 4096
                  server one 127.0.0.1:BACKEND check inter 10s
                """
                .replace("CORES", Integer.toString(cores))
                .replace("BACKEND", Integer.toString(backend))
                .replace(":HTTP ", ":" + ports.http() + " ")
                .replace("LOGGED", Integer.toString(ports.logged()))
                .replace(":TLS ", ":" + ports.https() + " ")
                .replace("STREAM", Integer.toString(ports.tcp()));
    }
}
