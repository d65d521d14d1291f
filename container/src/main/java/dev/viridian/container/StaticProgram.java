package dev.viridian.container;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/// Linux programs of a hundred bytes, written by code: an ELF head, one program header, and instructions. No compiler, no registry, no libc.
final class StaticProgram {
    private static final long BASE = 0x400000;
    private static final int ELF_HEADER = 64;
    private static final int PROGRAM_HEADER = 56;
    /// Where the instructions of every program here begin in memory.
    static final long ENTRY = BASE + ELF_HEADER + PROGRAM_HEADER;

    private StaticProgram() {}

    /// Sleeps until killed.
    ///
    /// @param architecture as the engine names it, `amd64` or `arm64`
    static byte[] pause(String architecture) {
        return switch (architecture) {
            // mov eax, 34 (pause); syscall; jmp back
            case "amd64", "x86_64" -> elf(0x3e, bytes(0xb8, 34, 0, 0, 0, 0x0f, 0x05, 0xeb, 0xf7));
            // mov x0..x4, 0; mov x8, 73 (ppoll); svc 0; b back
            case "arm64", "aarch64" -> elf(0xb7,
                    words(0xd2800000, 0xd2800001, 0xd2800002, 0xd2800003, 0xd2800004, 0xd2800928, 0xd4000001, 0x17fffff9));
            default -> throw new IllegalArgumentException("no pause program is written for architecture " + architecture);
        };
    }

    /// @param machine as in the ELF header: 0x3e for x86-64, 0xb7 for AArch64
    static byte[] elf(int machine, byte[] instructions) {
        int size = ELF_HEADER + PROGRAM_HEADER + instructions.length;
        ByteBuffer file = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        file.put(bytes(0x7f, 'E', 'L', 'F', 2, 1, 1, 0)).putLong(0);
        file.putShort((short) 2).putShort((short) machine).putInt(1);
        file.putLong(ENTRY).putLong(ELF_HEADER).putLong(0).putInt(0);
        file.putShort((short) ELF_HEADER).putShort((short) PROGRAM_HEADER).putShort((short) 1).putShort((short) 0).putInt(0);
        // one segment: readable and executable, the whole file
        file.putInt(1).putInt(5).putLong(0).putLong(BASE).putLong(BASE).putLong(size).putLong(size).putLong(0x1000);
        return file.put(instructions).array();
    }

    /// A root file system of nothing but these programs.
    static InputStream rootFileSystem(Map<String, byte[]> programs) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
            for (Map.Entry<String, byte[]> program : programs.entrySet()) {
                TarArchiveEntry entry = new TarArchiveEntry(program.getKey());
                entry.setMode(0100755);
                entry.setModTime(0L);
                entry.setSize(program.getValue().length);
                tar.putArchiveEntry(entry);
                tar.write(program.getValue());
                tar.closeArchiveEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("could not write a tar in memory", e);
        }
        return new ByteArrayInputStream(out.toByteArray());
    }

    static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static byte[] words(int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : values) {
            buffer.putInt(value);
        }
        return buffer.array();
    }
}
