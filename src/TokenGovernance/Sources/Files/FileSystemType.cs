using System.Globalization;
using System.Runtime.InteropServices;

namespace TokenGovernance.Sources.Files;

/// <summary>Which file systems tell of every change: those of local disks and memory, where all writers go through this kernel.</summary>
/// <remarks>Others (NFS, SMB, 9p, virtiofs, FUSE, the layers of a container) tell little or nothing of what is written elsewhere.</remarks>
static partial class FileSystemType
{
    // Numbers of <linux/magic.h> and of the file systems' own headers.
    static readonly Dictionary<uint, string> Telling = new()
    {
        [0xEF53] = "ext4",
        [0x58465342] = "xfs",
        [0x9123683E] = "btrfs",
        [0x01021994] = "tmpfs",
        [0x858458F6] = "ramfs",
        [0xF2F52010] = "f2fs",
        [0x2FC12FC1] = "zfs",
        [0xCA451A4E] = "bcachefs",
        [0x3153464A] = "jfs",
        [0x52654973] = "reiserfs",
        [0x3434] = "nilfs",
        [0x2011BAB0] = "exfat",
        [0x4D44] = "vfat",
    };

    static readonly Dictionary<uint, string> Silent = new()
    {
        [0x6969] = "NFS",
        [0xFF534D42] = "SMB",
        [0xFE534D42] = "SMB",
        [0x517B] = "SMB",
        [0x01021997] = "9p",
        [0x6A656A63] = "virtiofs",
        [0x65735546] = "FUSE",
        [0x794C7630] = "overlay",
        [0x00C36400] = "Ceph",
        [0x786F4256] = "VirtualBox's shared folders",
        [0xBACBACBC] = "VMware's shared folders",
    };

    /// <summary>True if notices of a folder can be relied on.</summary>
    public static bool TellsAll(string folder) => OperatingSystem.IsLinux() && Of(folder) is { } type && Telling.ContainsKey(type);

    /// <summary>What a folder is on, if changes there are not told; NULL if they are, or if there is no such folder.</summary>
    public static string? FindSilent(string folder) =>
        !OperatingSystem.IsLinux() || Of(folder) is not { } type || Telling.ContainsKey(type) ? null
            : Silent.GetValueOrDefault(type) ?? string.Create(CultureInfo.InvariantCulture, $"a file system of type 0x{type:x}");

    static unsafe uint? Of(string folder)
    {
        // struct statfs begins with the type, as wide as a register; the rest is not looked at.
        var buffer = stackalloc long[64];

        return NativeStatfs(folder, buffer) == 0 ? (uint)buffer[0] : null;
    }

    [LibraryImport("libc", EntryPoint = "statfs", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int NativeStatfs(string path, long* result);
}
