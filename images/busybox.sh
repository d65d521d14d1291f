# A shell and small tools in one static program: for tasks and tests that need little.
tags=(busybox:latest public.ecr.aws/docker/library/busybox:latest)
packages=(base-files base-passwd busybox-static)
config=('CMD ["sh"]' 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin')

fill() {
    # only the program and the skeleton: what came along as a dependency is not needed by a static program
    rm -rf "$1"/usr/lib/*-linux-gnu* "$1"/usr/lib64 "$1"/lib64 "$1"/usr/share "$1"/usr/sbin/ldconfig*
    find "$1/usr/bin" "$1/usr/sbin" -type f ! -name busybox -delete
    applets "$1"
}
