/** The lab at a glance; ASCII, so that it looks the same everywhere. */
export const networkDrawing = `
      server                provider                  router                       LANs
  +-------------+   +------------------------+   +-----------------+     +-----------------------------+
  | 2001:db8:   |   | Kea (DHCPv6), radvd,   |   | Debian's dhcpcd |--+--| lan1   fd12:3456:789a::10   |
  | ffff::80,   |---| drops foreign sources, |===| sixgate run     |  +--| lan1b  fd12:3456:789a::11   |
  | answers all |   | counts what leaks      |   | nftables        |-----| lan2   fd12:3456:789a:1::10 |
  +-------------+   +------------------------+   +-----------------+     +-----------------------------+
                      delegates a /58 that         maps it onto            addresses here never change
                      changes                      fd12:3456:789a::/58
`;
