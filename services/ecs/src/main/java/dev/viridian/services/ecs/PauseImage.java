package dev.viridian.services.ecs;

import dev.viridian.container.ContainerRuntime;
import dev.viridian.container.ImageConfig;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// The smallest possible image: one program that waits for ever, to hold a task's network while its containers come and go. It is made here, byte
/// by byte, so that no registry is needed for it.
final class PauseImage {
    private static final int ENTRY = 0x400000;
    private static final int HEADERS = 120;
    private static final int BLOCK = 512;

    private PauseImage() {}

    /// The name under which the engine holds it, made when it does not yet.
    static String ensure(ContainerRuntime runtime) {
        String architecture = runtime.engine().architecture().toLowerCase(Locale.ROOT);
        boolean arm = architecture.contains("aarch64") || architecture.contains("arm64");
        String name = "viridian/pause:" + (arm ? "arm64" : "amd64");
        if (runtime.images().find(name).isEmpty()) {
            runtime.images().importImage(name, new ByteArrayInputStream(tar(program(arm))), ImageConfig.EMPTY.withEntrypoint("/pause"));
        }
        return name;
    }

    /// An ELF file of one segment. On x86-64 it calls `pause` in a loop, on ARM, which has no such call, `ppoll` on nothing.
    static byte[] program(boolean arm) {
        byte[] code = arm ? instructions(0xd2800000, 0xd2800001, 0xd2800002, 0xd2800003, 0xd2800928, 0xd4000001, 0x17fffffa)
                : new byte[] {(byte) 0xb8, 0x22, 0, 0, 0, 0x0f, 0x05, (byte) 0xeb, (byte) 0xf7};
        int size = HEADERS + code.length;
        ByteBuffer elf = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        elf.putShort((short) 2).putShort((short) (arm ? 183 : 62)).putInt(1).putLong(ENTRY + HEADERS).putLong(64).putLong(0).putInt(0);
        elf.putShort((short) 64).putShort((short) 56).putShort((short) 1).putShort((short) 0).putShort((short) 0).putShort((short) 0);
        elf.putInt(1).putInt(5).putLong(0).putLong(ENTRY).putLong(ENTRY).putLong(size).putLong(size).putLong(0x1000);
        return elf.put(code).array();
    }

    private static byte[] instructions(int... words) {
        ByteBuffer code = ByteBuffer.allocate(words.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (int word : words) {
            code.putInt(word);
        }
        return code.array();
    }

    /// A tar of one executable file `pause`.
    private static byte[] tar(byte[] file) {
        ByteBuffer tar = ByteBuffer.allocate(BLOCK + (file.length + BLOCK - 1) / BLOCK * BLOCK + 2 * BLOCK);
        field(tar, 0, "pause");
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
