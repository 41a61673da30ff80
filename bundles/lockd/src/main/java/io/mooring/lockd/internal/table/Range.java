package io.mooring.lockd.internal.table;

/**
 * Bytes of a file. Immutable.
 *
 * @param start the first, from 0
 * @param end the last; {@link #EOF}: to the end of the file, however far it grows
 */
public record Range(long start, long end) {
    /** As fcntl's locks, whose offsets are signed: nothing lies beyond. */
    public static final long EOF = Long.MAX_VALUE;

    public static final Range ALL = new Range(0, EOF);

    public Range {
        if (start < 0 || end < start) {
            throw new IllegalArgumentException("from " + start + " to " + end);
        }
    }

    /**
     * As NLM and fcntl name a range.
     *
     * @param offset from 0
     * @param length unsigned; 0, or more than there is: to the end of the file
     */
    public static Range of(long offset, long length) {
        long last = offset + length - 1;
        boolean beyond = length <= 0 || last < 0;
        return new Range(offset, beyond ? EOF : last);
    }

    /** As NLM and fcntl say it: 0 is to the end of the file. */
    public long length() {
        return end == EOF ? 0 : end - start + 1;
    }

    public boolean overlaps(Range other) {
        return start <= other.end && other.start <= end;
    }

    /** What both have; they must overlap. */
    public Range intersection(Range other) {
        return new Range(Math.max(start, other.start), Math.min(end, other.end));
    }

    /** What both have, and what lies between. */
    public Range hull(Range other) {
        return new Range(Math.min(start, other.start), Math.max(end, other.end));
    }

    public boolean contains(Range other) {
        return start <= other.start && other.end <= end;
    }

    @Override
    public String toString() {
        return start + "-" + (end == EOF ? "EOF" : end);
    }
}
