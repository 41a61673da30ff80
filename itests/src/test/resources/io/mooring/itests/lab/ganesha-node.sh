# Runs rpcbind and NFS-Ganesha on a node, in a mount namespace of their own, so that nothing of this machine is covered or written.
# Arguments: PACKAGES, where they are unpacked; WORK, a directory of the node's own; EXPORTED, the directory that is served.
set -e
packages=$1 work=$2 exported=$3
library=$packages/usr/lib/x86_64-linux-gnu
export LD_LIBRARY_PATH=$library:$packages/lib/x86_64-linux-gnu:$packages/usr/lib/ganesha
mount -t tmpfs tmpfs /run
mkdir -p /run/rpcbind /run/ganesha "$work/recovery"
# The user that Debian's rpcbind becomes, who is only there where it is installed.
{ grep -v ^_rpc: /etc/passwd; echo '_rpc:x:65000:65534::/run/rpcbind:/usr/sbin/nologin'; } > "$work/passwd"
mount --bind "$work/passwd" /etc/passwd
cat > "$work/ganesha.conf" << END
NFS_CORE_PARAM {
  NFS_Protocols = 3; NFS_Port = 2049; MNT_Port = 20048;
  Enable_NLM = false; Enable_RQUOTA = false; Plugins_Dir = "$library/ganesha";
}
NFSV4 { Graceless = true; RecoveryRoot = "$work/recovery"; }
EXPORT {
  Export_Id = 1; Path = $exported; Pseudo = $exported;
  Access_Type = RW; Squash = No_Root_Squash; SecType = sys; Protocols = 3; Transports = TCP;
  FSAL { Name = VFS; }
}
LOG { Default_Log_Level = WARN; }
END
"$packages/sbin/rpcbind" -f &
exec "$packages/usr/bin/ganesha.nfsd" -F -f "$work/ganesha.conf" -p /run/ganesha/pid -L STDOUT -N NIV_WARN
