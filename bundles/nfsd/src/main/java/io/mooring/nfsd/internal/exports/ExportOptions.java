package io.mooring.nfsd.internal.exports;

import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * What a client may do in an export: the options of exports(5). Ids are unsigned. Immutable.
 *
 * @param secure calls must come from a port below 1024
 * @param sync changes are on disk before they are answered
 * @param acl NFS_ACL may be used
 * @param crossMount what is mounted below belongs to the export
 * @param authNlm only who may use a file may lock it
 * @param fsid null where it was not given
 */
public record ExportOptions(
        boolean readOnly,
        boolean rootSquash,
        boolean allSquash,
        int anonUid,
        int anonGid,
        boolean secure,
        boolean sync,
        boolean acl,
        boolean crossMount,
        boolean authNlm,
        Long fsid) {

    /** What exports(5) knows. Of them sys is served. */
    private static final Set<String> FLAVOURS = Set.of("sys", "none", "krb5", "krb5i", "krb5p");

    /** ro, root_squash, secure, sync, acl, auth_nlm, and nobody's ids: what exports(5) says. */
    public static final ExportOptions DEFAULTS =
            new ExportOptions(true, true, false, 65534, 65534, true, true, true, false, true, null);

    /**
     * Applies options, left to right, to these.
     *
     * @throws IllegalArgumentException naming the option that is unknown or has a bad value
     */
    public ExportOptions with(List<String> options) {
        Draft draft = new Draft(this);
        for (String option : options) {
            if (!option.isEmpty()) {
                draft.apply(option);
            }
        }
        return draft.build();
    }

    /** In the way that they are written in exports(5), without fsid. */
    @Override
    public String toString() {
        String squash = allSquash ? "all_squash" : rootSquash ? "root_squash" : "no_root_squash";
        return String.join(
                        ",",
                        readOnly ? "ro" : "rw",
                        sync ? "sync" : "async",
                        squash,
                        secure ? "secure" : "insecure",
                        "anonuid=" + Integer.toUnsignedString(anonUid),
                        "anongid=" + Integer.toUnsignedString(anonGid))
                + (acl ? "" : ",no_acl")
                + (crossMount ? ",crossmnt" : "")
                + (authNlm ? "" : ",no_auth_nlm");
    }

    /** The options while they are read. */
    private static final class Draft {
        private boolean readOnly;
        private boolean rootSquash;
        private boolean allSquash;
        private int anonUid;
        private int anonGid;
        private boolean secure;
        private boolean sync;
        private boolean acl;
        private boolean crossMount;
        private boolean authNlm;
        private Long fsid;

        Draft(ExportOptions base) {
            readOnly = base.readOnly;
            rootSquash = base.rootSquash;
            allSquash = base.allSquash;
            anonUid = base.anonUid;
            anonGid = base.anonGid;
            secure = base.secure;
            sync = base.sync;
            acl = base.acl;
            crossMount = base.crossMount;
            authNlm = base.authNlm;
            fsid = base.fsid;
        }

        void apply(String option) {
            int equals = option.indexOf('=');
            if (equals >= 0) {
                applyValue(option, option.substring(0, equals), option.substring(equals + 1));
                return;
            }
            switch (option) {
                case "ro" -> readOnly = true;
                case "rw" -> readOnly = false;
                case "root_squash" -> rootSquash = true;
                case "no_root_squash" -> rootSquash = false;
                case "all_squash" -> allSquash = true;
                case "no_all_squash" -> allSquash = false;
                case "secure" -> secure = true;
                case "insecure" -> secure = false;
                case "sync" -> sync = true;
                case "async" -> sync = false;
                case "acl" -> acl = true;
                case "no_acl" -> acl = false;
                case "crossmnt" -> crossMount = true;
                case "auth_nlm", "secure_locks" -> authNlm = true;
                case "no_auth_nlm", "insecure_locks" -> authNlm = false;
                // Known, and without a meaning here: see the README.
                case "subtree_check", "no_subtree_check", "wdelay", "no_wdelay", "hide", "nohide" -> {}
                default -> throw new IllegalArgumentException("unknown option '" + option + "'");
            }
        }

        private void applyValue(String option, String key, String value) {
            switch (key) {
                case "anonuid" -> anonUid = id(option, value);
                case "anongid" -> anonGid = id(option, value);
                case "fsid" -> fsid = fsid(option, value);
                case "sec" -> requireSys(option, value);
                default -> throw new IllegalArgumentException("unknown option '" + option + "'");
            }
        }

        /** A list of flavours is what a client may choose from: enough that sys is one of them. */
        private static void requireSys(String option, String value) {
            List<String> flavours = List.of(value.split(":", -1));
            if (!FLAVOURS.containsAll(flavours)) {
                throw new IllegalArgumentException("option '" + option + "': unknown security flavour");
            }
            if (!flavours.contains("sys")) {
                throw new IllegalArgumentException("option '" + option + "': only sec=sys is supported");
            }
        }

        ExportOptions build() {
            return new ExportOptions(
                    readOnly, rootSquash, allSquash, anonUid, anonGid, secure, sync, acl, crossMount, authNlm, fsid);
        }

        /** -2 is what old files call nobody; -1 would mean "no change" to the kernel: the server's own identity. */
        private static int id(String option, String value) {
            try {
                long id = Long.parseLong(value);
                if (id >= -2 && id != -1 && id < 0xffffffffL) {
                    return (int) id;
                }
            } catch (NumberFormatException e) {
                // The same message as for a number out of range.
            }
            throw new IllegalArgumentException("option '" + option + "': needs a number from 0 to 4294967294");
        }

        private static long fsid(String option, String value) {
            if (value.equals("root")) {
                return 0;
            }
            try {
                if (value.length() == 36) {
                    UUID uuid = UUID.fromString(value);
                    return uuid.getMostSignificantBits() ^ uuid.getLeastSignificantBits();
                }
                return Long.parseUnsignedLong(value);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("option '" + option + "': needs a number, 'root' or a UUID", e);
            }
        }
    }
}
