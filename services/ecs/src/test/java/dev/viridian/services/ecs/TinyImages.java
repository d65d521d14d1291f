package dev.viridian.services.ecs;

import dev.viridian.container.ContainerRuntime;
import dev.viridian.container.ImageConfig;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Images of one x86-64 program of about a hundred bytes, written here, so that tests need neither registry nor compiler.
final class TinyImages {
    private static final int ENTRY = 0x400000;
    private static final int HEADERS = 120;
    private static final int BLOCK = 512;

    private TinyImages() {}

    /// Writes `text`, then exits with `exitCode`; or sleeps for ever when that is negative.
    static void printing(ContainerRuntime runtime, String name, String text, int exitCode) {
        byte[] words = text.getBytes(StandardCharsets.UTF_8);
        byte[] end = exitCode < 0
                ? new byte[] {(byte) 0xb8, 0x22, 0, 0, 0, 0x0f, 0x05, (byte) 0xeb, (byte) 0xf7}
                : new byte[] {(byte) 0xb8, 60, 0, 0, 0, (byte) 0xbf, (byte) exitCode, 0, 0, 0, 0x0f, 0x05};
        int write = 27;
        ByteBuffer code = ByteBuffer.allocate(write + end.length + words.length).order(ByteOrder.LITTLE_ENDIAN);
        code.put((byte) 0xb8).putInt(1).put((byte) 0xbf).putInt(1).put((byte) 0x48).put((byte) 0xbe).putLong(ENTRY + HEADERS + write + end.length)
                .put((byte) 0xba).putInt(words.length).put((byte) 0x0f).put((byte) 0x05);
        code.put(end).put(words);
        runtime.images().importImage(name, new ByteArrayInputStream(tar(elf(code.array()))), ImageConfig.EMPTY.withEntrypoint("/program"));
    }

    /// A file of one segment, readable and executable.
    private static byte[] elf(byte[] code) {
        int size = HEADERS + code.length;
        ByteBuffer elf = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        elf.putShort((short) 2).putShort((short) 62).putInt(1).putLong(ENTRY + HEADERS).putLong(64).putLong(0).putInt(0);
        elf.putShort((short) 64).putShort((short) 56).putShort((short) 1).putShort((short) 0).putShort((short) 0).putShort((short) 0);
        elf.putInt(1).putInt(5).putLong(0).putLong(ENTRY).putLong(ENTRY).putLong(size).putLong(size).putLong(0x1000);
        return elf.put(code).array();
    }

    /// A tar of one executable file `program`.
    private static byte[] tar(byte[] file) {
        ByteBuffer tar = ByteBuffer.allocate(BLOCK + (file.length + BLOCK - 1) / BLOCK * BLOCK + 2 * BLOCK);
        field(tar, 0, "program");
        field(tar, 100, "0000755\0");
        field(tar, 108, "0000000\0");
        field(tar, 116, "0000000\0");
        field(tar, 124, "%011o\0".formatted(file.length));
        field(tar, 136, "00000000000\0");
        field(tar, 148, "        ");
        field(tar, 156, "0");
        field(tar, 257, "ustar\0" + "00");
        int sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            sum += tar.get(i) & 0xff;
        }
        field(tar, 148, "%06o\0 ".formatted(sum));
        tar.position(BLOCK);
        tar.put(file);
        return tar.array();
    }

    private static void field(ByteBuffer tar, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        tar.put(at, bytes);
    }
}
