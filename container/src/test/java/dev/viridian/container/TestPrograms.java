package dev.viridian.container;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Writes x86-64 programs that do one thing each.
final class TestPrograms {
    private static final int X86_64 = 0x3e;

    private TestPrograms() {}

    /// Writes `out` and `err`, then exits.
    static byte[] prints(String out, String err, int exitCode) {
        List<byte[]> texts = new ArrayList<>(List.of(out.getBytes(StandardCharsets.UTF_8), err.getBytes(StandardCharsets.UTF_8)));
        int codeLength = 2 * 27 + 12;
        ByteArrayOutputStream code = new ByteArrayOutputStream();
        long address = StaticProgram.ENTRY + codeLength;
        for (int i = 0; i < texts.size(); i++) {
            code.writeBytes(write(i + 1, address, texts.get(i).length));
            address += texts.get(i).length;
        }
        code.writeBytes(exit(exitCode));
        texts.forEach(code::writeBytes);
        return StaticProgram.elf(X86_64, code.toByteArray());
    }

    /// Touches memory page by page until the kernel objects.
    static byte[] eatsMemory() {
        // mmap(0, 1 GiB, RW, PRIVATE|ANONYMOUS, -1, 0); then write one byte to each page
        return StaticProgram.elf(X86_64, StaticProgram.bytes(
                0xb8, 9, 0, 0, 0, 0x31, 0xff, 0xbe, 0, 0, 0, 0x40, 0xba, 3, 0, 0, 0, 0x41, 0xba, 0x22, 0, 0, 0,
                0x49, 0xc7, 0xc0, 0xff, 0xff, 0xff, 0xff, 0x4d, 0x31, 0xc9, 0x0f, 0x05,
                0xc6, 0x00, 1, 0x48, 0x05, 0, 0x10, 0, 0, 0xeb, 0xf5));
    }

    /// mov eax, 1; mov edi, descriptor; movabs rsi, address; mov edx, length; syscall
    private static byte[] write(int descriptor, long address, int length) {
        return ByteBuffer.allocate(27).order(ByteOrder.LITTLE_ENDIAN).put((byte) 0xb8).putInt(1).put((byte) 0xbf).putInt(descriptor)
                .put((byte) 0x48).put((byte) 0xbe).putLong(address).put((byte) 0xba).putInt(length).put((byte) 0x0f).put((byte) 0x05).array();
    }

    /// mov eax, 60; mov edi, code; syscall
    private static byte[] exit(int code) {
        return ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN).put((byte) 0xb8).putInt(60).put((byte) 0xbf).putInt(code)
                .put((byte) 0x0f).put((byte) 0x05).array();
    }
}
