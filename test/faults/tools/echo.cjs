// On the Internet: answers every packet to port 7777 with the address that it came from.
const { createSocket } = require('node:dgram');
const socket = createSocket('udp6');
socket.on('error', () => {});
socket.on('message', (_, { address, port }) => socket.send(address, port, address, () => {}));
socket.bind(7777, '2001:db8:ffff::80');
