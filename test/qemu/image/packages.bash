# What the recipes of test machines share; they source it, with $out (a new directory) and $node (the program that runs inside).
# Debian packages are unpacked, never installed: no script of theirs runs, and nothing of the machine that builds is changed.
# shellcheck shell=bash disable=SC2154 # out and node are the recipe's
export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

# Dependencies of installation scripts and of conveniences only: nothing in the machines starts them.
needless='^(adduser|apt|debconf|dpkg|gcc-|init-system|libdb5|libfile-|libgdbm|libnumber-|libperl|libpython|libtext-|media-types'
needless+='|passwd|perl|python3|sgml-base|systemd-sysv|tar|udev|usrmerge|xml-core)'
# Of the kernel's modules the large groups that no test needs.
unneeded='6lowpan|9p|appletalk|atm|ax25|batman-adv|bluetooth|bridge|caif|can|ceph|dccp|dsa|hsr|ieee802154|l2tp|lapb|mac80211'
unneeded+='|mac802154|mpls|mptcp|ncsi|netrom|nfc|openvswitch|phonet|qrtr|rds|rose|rxrpc|sctp|smc|sunrpc|tipc|vmw_vsock|wireless|x25'

begin_image() {
  [ "$(dpkg --print-architecture)" = amd64 ] || {
    echo "the test machine is made of amd64 packages; this is $(dpkg --print-architecture)" >&2
    exit 69
  }
  mkdir -p "$out/debs/partial"
  cd "$out" || exit
  : >none
}

# dependency_of METAPACKAGE PATTERN: the package of this release that it stands for, such as linux-image-VERSION.
dependency_of() {
  apt-cache depends "$1" 2>/dev/null | sed -n "s/.*Depends: \\($2\\)/\\1/p" | head -n 1 | grep . && return
  apt-get -qq update
  apt-cache depends "$1" 2>/dev/null | sed -n "s/.*Depends: \\($2\\)/\\1/p" | head -n 1 | grep . && return
  echo "no package $1 in reach of apt-get" >&2
  exit 69
}

# mirror: the one of Debian that this machine uses.
mirror() {
  # shellcheck disable=SC2016 # apt's own
  apt-get indextargets --format '$(REPO_URI)' | grep -E '^https?:.*/debian/?$' | head -n 1 | grep . || echo http://deb.debian.org/debian
}

# install_debian RELEASE TREE PACKAGES: an installed system, with all scripts run; PACKAGES are separated by commas.
install_debian() {
  debootstrap --variant=minbase --include="$3" "$1" "$2" "$(mirror)" >debootstrap.log || {
    tail -n 20 debootstrap.log >&2
    exit 1
  }
  rm debootstrap.log
}

# What the packages need, as if nothing were installed.
fetch() { fetch_once "$@" || { apt-get -qq update && fetch_once "$@"; }; }
fetch_once() {
  apt-get -qq -y -o Dir::State::status="$out/none" -o Dir::Cache::archives="$out/debs" -o Debug::NoLocking=1 \
    -o APT::Sandbox::User=root -o APT::Install-Recommends=0 --download-only install "$@" >/dev/null
}
# These packages alone.
fetch_only() { (cd debs && apt-get -qq -o APT::Sandbox::User=root download "$@"); }

# unpack DEB TREE
unpack() { dpkg-deb --fsys-tarfile "$1" | tar -x -C "$2" --keep-directory-symlink; }

new_tree() {
  local directory
  for directory in bin sbin lib lib64; do
    mkdir -p "$1/usr/$directory"
    ln -s "usr/$directory" "$1/$directory"
  done
}

# unpack_all TREE: all but kernels, hypervisors and what is needless.
unpack_all() {
  local deb name
  for deb in debs/*.deb; do
    name=$(basename "$deb")
    case $name in linux-image-* | xen-hypervisor-*) continue ;; esac
    [[ $name =~ $needless ]] || unpack "$deb" "$1"
  done
}

# unpack_kernel PACKAGE TREE: sets $version and $modules, the directory of its modules.
unpack_kernel() {
  mkdir -p "$2"
  unpack debs/"$1"_*.deb "$2"
  version=$(ls "$2/lib/modules" 2>/dev/null || ls "$2/usr/lib/modules")
  modules=$2/lib/modules/$version
  [ -d "$modules" ] || modules=$2/usr/lib/modules/$version
}

# copy_modules TREE PATH...: of the kernel unpacked last; what a release has built in or left out is passed over.
copy_modules() {
  local to=$1/lib/modules/$version path each
  shift
  mkdir -p "$to"
  cp "$modules"/modules.{builtin,builtin.modinfo,order} "$to/"
  for path; do
    for each in "$modules/kernel/$path"*; do
      [ ! -e "$each" ] || { mkdir -p "$(dirname "$to/kernel/$path")" && cp -a "$each" "$(dirname "$to/kernel/$path")/"; }
    done
  done
  for each in ${unneeded//|/ }; do rm -rf "$to/kernel/net/$each"; done
}

remove_ballast() {
  (cd "$1" && rm -rf usr/share/{doc,man,locale,i18n,info,lintian,perl5,python3,common-licenses,bash-completion,zsh,bug,polkit-1,GeoIP} \
    usr/lib/x86_64-linux-gnu/gconv usr/lib/python3* usr/lib/udev/hwdb.d etc/systemd/system/*)
}

# settle TREE: what installation scripts would have done.
settle() {
  local each suffix
  (
    cd "$1" || exit
    mkdir -p dev proc sys run tmp root var/lib var/log etc/network/interfaces.d sixgate
    rm -rf var/run var/lock
    ln -s ../run var/run
    ln -s ../run/lock var/lock
    for each in iptables ip6tables; do
      [ ! -e usr/sbin/xtables-nft-multi ] ||
        for suffix in '' -restore -save; do ln -sf xtables-nft-multi "usr/sbin/$each$suffix"; done
    done
    [ -e bin/sh ] || ln -s dash bin/sh
    [ -e usr/bin/awk ] || [ ! -e usr/bin/mawk ] || ln -s mawk usr/bin/awk
    printf 'root:x:0:0:root:/root:/bin/bash\nmessagebus:x:100:100::/:/bin/false\nnobody:x:65534:65534::/:/bin/false\n' >etc/passwd
    printf 'root:x:0:\nmessagebus:x:100:\nnogroup:x:65534:\nnetdev:x:101:\n' >etc/group
    printf 'passwd: files systemd\ngroup: files systemd\nhosts: files\n' >etc/nsswitch.conf
    echo 'source interfaces.d/*' >etc/network/interfaces
    echo 6e6f20736563726574206865726521ff >etc/machine-id
    [ ! -e usr/bin/systemd-sysusers ] || chroot . systemd-sysusers 2>/dev/null
    chroot . depmod "$version"
  )
}

# add_node TREE: with the libraries that the packages do not bring.
add_node() {
  install -D "$node" "$1/usr/local/bin/node"
  ldd "$node" | sed -n 's/.* => \(\/[^ ]*\) .*/\1/p' | while read -r library; do
    [ -e "$1$library" ] || [ -e "$1/usr$library" ] || install -D "$library" "$1$library"
  done
  env -u NODE_EXTRA_CA_CERTS -u NODE_OPTIONS chroot "$1" /usr/local/bin/node -e 0
}

# An uncompressed archive on purpose: under TCG gunzip takes seconds, copying does not.
archive() { (cd "$1" && find . -xdev | cpio --quiet -o -H newc) >"$2"; }

end_image() {
  find debs -name '*.deb' -printf '%f\n' | sort >packages.txt
  rm -rf debs none "$@"
}
