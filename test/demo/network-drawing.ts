/** The lab at a glance; ASCII, so that it looks the same everywhere. */
export const networkDrawing = `
   server               provider                  router                      LANs
  +--------+   +------------------------+   +----------------+     +--------------------------------+
  | echo   |   | Kea (DHCPv6), radvd,   |   | Debian's dhcpcd|--+--| lan1   fd12:3456:789a::10      |
  |        |---| drops foreign sources, |===| sixgate run    |  +--| lan1b  fd12:3456:789a::11      |
  +--------+   | counts what leaks      |   | nftables       |-----| lan2   fd12:3456:789a:1::10    |
 2001:db8:ffff::80                      |   +----------------+     +--------------------------------+
               +------------------------+       inside addresses stay: fd12:3456:789a::/58
                 delegates a /58 that changes
`;
