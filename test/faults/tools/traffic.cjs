// On an inside host: new flows without end, and one long flow that tells its outside address whenever an echo says it.
// Says `{"long": address, "at": ms, "sent": packets}` in a line, ten times a second.
const { createSocket } = require('node:dgram');
const server = '2001:db8:ffff::80';
const long = createSocket('udp6');
const short = createSocket('udp6');
let seen = '';
let at = 0;
let sent = 0;
let serial = 0;
long.on('message', (text) => {
  seen = text.toString();
  at = Date.now();
});
for (const socket of [long, short]) socket.on('error', () => {});
setInterval(() => long.send('?', 7777, server, () => {}), 10);
setInterval(() => {
  for (let count = 0; count < 5; count++) {
    serial = (serial % 60000) + 1;
    if (serial !== 7777) short.send('!', serial, server, () => {});
    sent++;
  }
}, 10);
setInterval(() => process.stdout.write(`${JSON.stringify({ long: seen, at, sent })}\n`), 100);
