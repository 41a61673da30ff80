package io.mooring.vfs;

/**
 * Attributes to set; null leaves one as it is.
 *
 * @param mode permission bits, 0 to 07777
 * @param size truncates or extends
 * @param atime {@link #NOW} for the server's clock
 * @param mtime likewise
 */
public record NewAttributes(Integer mode, Integer uid, Integer gid, Long size, FileTime atime, FileTime mtime) {
    /** The server's clock. Compared by identity. */
    public static final FileTime NOW = new FileTime(0, 0);

    public static final NewAttributes NONE = new NewAttributes(null, null, null, null, null, null);
}
