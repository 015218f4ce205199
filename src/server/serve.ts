import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Host } from '../host/host.ts';
import { isAllowedHost } from './allowed-hosts.ts';
import { answerText, type Answer } from './answer.ts';
import { createConnectionCount } from './connection-count.ts';
import { createEventStream } from './event-stream.ts';
import { limits } from './limits.ts';
import { peerOf } from './peer.ts';
import { createRateLimit, type RateLimit } from './rate-limit.ts';
import { route, type Sources } from './route.ts';
import { securityHeaders } from './security-headers.ts';
import type { Site } from './site.ts';
import { createStatusFeed } from './status-feed.ts';

export interface WebServerOptions {
  readonly host: Host;
  readonly runtimeDir: string;
  readonly site: Site | undefined;
  /** Names and addresses besides loopback by which it may be called (`canonicalHost`). */
  readonly hosts: ReadonlySet<string>;
  readonly token: Sources['token'];
}

export interface WebServer {
  /** One more HTTP server that answers as all of this one do; it is for the caller to make it listen. */
  open(): Server;
  /** Ends the streams of events, as when the token was changed. */
  disconnect(): void;
  /** Takes no new connection, lets answers be finished, ends. */
  stop(): Promise<void>;
}

export function createWebServer({ host, runtimeDir, site, hosts, token }: WebServerOptions): WebServer {
  const feed = createStatusFeed(host, runtimeDir);
  const events = createEventStream(host.clock, feed, limits.streams);
  const connections = createConnectionCount();
  const answers = new Map<number, number>();
  const servers: Server[] = [];
  const fromAfar = createRateLimit(limits.requests.perSecond, limits.requests.burst);
  const fromHere = createRateLimit(limits.requestsFromLoopback.perSecond, limits.requestsFromLoopback.burst);
  const sources: Sources = {
    site,
    token,
    status: () => feed.read(),
    now: () => host.clock.now(),
    numbers: () => ({
      connections: connections.connections,
      streams: events.clients,
      refusedConnections: connections.refused,
      answers,
    }),
  };

  const limitOf = (peer: string): RateLimit => (peer === 'loopback' ? fromHere : fromAfar);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<Answer | undefined> {
    const { method, headers, socket, url = '' } = request;
    const peer = peerOf(socket.remoteAddress);
    if (!limitOf(peer).take(peer, host.clock.monotonic()))
      return answerText(429, 'Too many requests.\n', { 'retry-after': '5' });
    if (method !== 'GET' && method !== 'HEAD') {
      return answerText(405, 'Only GET and HEAD are answered.\n', { allow: 'GET, HEAD' });
    }
    const headersOfHost = request.rawHeaders.filter((each, index) => index % 2 === 0 && /^host$/i.test(each)).length;
    if (headersOfHost > 1 || !isAllowedHost(headers.host, socket.localAddress, hosts)) {
      return answerText(421, 'This server is not called so. Start it with --host NAME if it is.\n');
    }
    if (url.length > limits.targetBytes) return answerText(414, 'This address is too long.\n');
    // Another site's page: it could read nothing, but it would take up streams.
    if (headers['sec-fetch-site'] === 'cross-site' && headers['sec-fetch-mode'] !== 'navigate') {
      return answerText(403, 'Other sites may not ask.\n');
    }
    const [path, query] = splitTarget(url);
    if (!path.startsWith('/')) return answerText(400, 'A path is needed.\n');
    const header = (name: string): string | undefined => {
      const value = headers[name];
      return typeof value === 'string' ? value : undefined;
    };
    const routed = await route({ path, query: new URLSearchParams(query), header }, sources);
    if (routed === 'events') {
      if (method === 'HEAD') return { status: 200, headers: { 'content-type': 'text/event-stream' }, body: '' };
      socket.setNoDelay(true);
      if (events.add(response, securityHeaders)) return undefined;
      return answerText(503, 'Too many are listening already.\n', { 'retry-after': '30' });
    }
    if (routed.status === 401 && header('authorization') !== undefined) {
      limitOf(peer).charge(peer, host.clock.monotonic(), limits.wrongToken);
    }
    return routed;
  }

  async function onRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A body is never read, so the connection is of no further use.
    const hasBody = (request.headers['content-length'] ?? '0') !== '0' || 'transfer-encoding' in request.headers;
    if (hasBody) response.setHeader('connection', 'close');
    const answered = await answer(request, response);
    count(answered?.status ?? 200);
    if (!answered || response.destroyed) return;
    const cancel = host.clock.after(limits.answerTimeout, () => response.destroy());
    response.on('close', cancel);
    const length = answered.status === 304 || answered.status === 204 ? {} : { 'content-length': byteLength(answered) };
    response.writeHead(answered.status, { ...securityHeaders, ...answered.headers, ...length });
    response.end(request.method === 'HEAD' ? undefined : answered.body);
  }

  function count(status: number): void {
    answers.set(status, (answers.get(status) ?? 0) + 1);
  }

  return {
    open() {
      const server = createServer({
        maxHeaderSize: limits.headerBytes,
        headersTimeout: limits.headersTimeout,
        requestTimeout: limits.requestTimeout,
        keepAliveTimeout: limits.keepAliveTimeout,
        connectionsCheckingInterval: 1000,
        noDelay: true,
      });
      server.maxHeadersCount = limits.headers;
      server.timeout = limits.idleTimeout;
      server.on('error', () => {}); // accept(2) failed, for want of descriptors; those who wait are tried again
      server.on('connection', (socket) => connections.admit(socket));
      server.on('request', (request, response) => void onRequest(request, response));
      server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
        const status = statusOfBadRequest(error);
        count(status);
        if (socket.writable && error.code !== 'ECONNRESET') {
          socket.end(`HTTP/1.1 ${status} \r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
        }
        socket.destroySoon();
      });
      servers.push(server);
      return server;
    },
    disconnect: () => events.disconnect(),
    async stop() {
      feed.stop();
      events.stop();
      const closed = servers.filter(({ listening }) => listening).map((server) => closeServer(server));
      const cancel = host.clock.after(limits.stopTimeout, () =>
        servers.forEach((server) => server.closeAllConnections()),
      );
      await Promise.all(closed);
      cancel();
    },
  };
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}

/** Path and query of a request's target. */
function splitTarget(target: string): [string, string] {
  const mark = target.indexOf('?');
  return mark < 0 ? [target, ''] : [target.slice(0, mark), target.slice(mark + 1)];
}

function byteLength({ body }: Answer): number {
  return typeof body === 'string' ? Buffer.byteLength(body) : body.length;
}

function statusOfBadRequest({ code }: NodeJS.ErrnoException): number {
  if (code === 'HPE_HEADER_OVERFLOW') return 431;
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
}
