import { join } from 'node:path';
import type { Problem } from '../core/problem.ts';
import { succeed, type Result } from '../core/result.ts';
import { formatPlace, listen, type Place } from '../host/listen.ts';
import { becomeUser, bindCapability, readPrivileges } from '../host/privileges.ts';
import { readTree } from '../host/read-tree.ts';
import { systemHost } from '../host/system-host.ts';
import { canonicalHost } from '../server/allowed-hosts.ts';
import { isLoopback, parseListenAddress } from '../server/listen-address.ts';
import { createWebServer, type WebServer } from '../server/serve.ts';
import { prepareSite, type Site } from '../server/site.ts';
import { keepToken, readToken, type TokenKeeper } from '../server/token-keeper.ts';
import type { GlobalOptions } from './global-options.ts';
import { inheritedDescriptors } from './inherited-descriptors.ts';
import { printProblem } from './print-problem.ts';
import { printMessage } from './terminal.ts';

interface ServeOptions {
  readonly listen?: readonly string[];
  readonly host?: readonly string[];
  readonly tokenFile?: string;
  readonly user: string;
  readonly site?: string;
}

/** Serves until a signal ends it. */
export async function serveWeb({ runtimeDir }: GlobalOptions, options: ServeOptions): Promise<number> {
  const ended = new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
  const places = readPlaces(options.listen ?? []);
  if (!places.ok) return printProblem(places.problem);
  const tooMuch = refusePrivileges();
  if (tooMuch) return printProblem(tooMuch);
  const site = await readSite(options.site ?? join(__dirname, 'site'));
  if (!site.ok) return printProblem(site.problem);
  let keeper: TokenKeeper | undefined;
  const web = createWebServer({
    host: systemHost,
    runtimeDir,
    site: site.value,
    hosts: new Set((options.host ?? []).map(canonicalHost)),
    token: () => (options.tokenFile === undefined ? undefined : (keeper?.token() ?? null)),
  });
  const urls = await openAll(web, places.value, options.tokenFile !== undefined);
  if (!urls.ok) return printProblem(urls.problem);
  const { root } = readPrivileges();
  if (root) {
    const become = await becomeUser(options.user, systemHost.processes);
    if (!become.ok) return printProblem(become.problem);
    printMessage(`sixgate: started by root; it goes on as ${options.user}, without privileges\n`);
  }
  if (options.tokenFile !== undefined) {
    const token = await readToken(options.tokenFile);
    if (!token.ok) return printProblem(root ? ownedByOther(token.problem, options) : token.problem);
    keeper = keepToken(systemHost.clock, options.tokenFile, token.value, (problem) => {
      web.disconnect();
      if (problem) printProblem(problem);
      else printMessage(`sixgate: ${options.tokenFile} has another token; it is asked for from now on\n`);
    });
  }
  const state = await systemHost.files.read(join(runtimeDir, 'state.json'));
  if (!state.ok) printProblem(state.problem);
  for (const url of urls.value) printMessage(`sixgate: listening on ${url}\n`);
  await ended;
  keeper?.stop();
  await web.stop();
  return 0;
}

/** Root can read every file, the user that the server has become can't. */
function ownedByOther(problem: Problem, { tokenFile, user }: ServeOptions): Problem {
  if (!problem.message.includes('EACCES')) return problem;
  const mend = `Run: chown ${user} ${tokenFile}    (or name another user: --user NAME)`;
  return { ...problem, message: `${problem.message}, as ${user}`, mend };
}

/** What systemd handed down comes first; without that and without an option, loopback. */
function readPlaces(listenOptions: readonly string[]): Result<Place[]> {
  const inherited = inheritedDescriptors(process.env, process.pid);
  const texts = listenOptions.length > 0 || inherited.length > 0 ? listenOptions : ['[::1]:6460'];
  const places: Place[] = inherited.map((descriptor) => ({ descriptor }));
  for (const text of texts) {
    const place = parseListenAddress(text);
    if (!place.ok) return place;
    places.push(place.value);
  }
  return succeed(places);
}

/** Root is led to another user later; what a service manager gave on purpose can't be taken back so. */
function refusePrivileges(): Problem | undefined {
  const { root, capabilities } = readPrivileges();
  if (root || (capabilities & ~bindCapability) === 0n) return undefined;
  return {
    code: 'not-permitted',
    message: 'this process has capabilities (CapEff or CapPrm in /proc/self/status), and a server must have none',
    mend: 'Take AmbientCapabilities= out of its unit, or start it by another user.',
  };
}

async function readSite(directory: string): Promise<Result<Site | undefined>> {
  const tree = await readTree(directory);
  if (!tree.ok) return tree;
  return succeed(tree.value && prepareSite(tree.value));
}

/** The addresses to open in a browser; the first problem where one of the places can't be listened on. */
async function openAll(web: WebServer, places: readonly Place[], hasToken: boolean): Promise<Result<string[]>> {
  const urls: string[] = [];
  for (const place of places) {
    if ('host' in place && !hasToken && !isLoopback(place.host)) return { ok: false, problem: openToAll(place) };
    const listening = await listen(web.open(), place);
    if (!listening.ok) return listening;
    const address = listening.value;
    if (!address) {
      urls.push('the Unix socket that was handed down');
      continue;
    }
    if (!hasToken && !isLoopback(address.address)) return { ok: false, problem: openToAll(place) };
    const host = 'host' in place ? place.host : address.address;
    urls.push(`http://${formatPlace({ host, port: address.port })}/`);
  }
  return succeed(urls);
}

function openToAll(place: Place): Problem {
  return {
    code: 'listen-open',
    message: `${formatPlace(place)} can be reached from other machines, and without a token everybody there would be let in`,
    mend: 'Add --token-file FILE ("sixgate serve rotate-token --token-file FILE" makes it), or listen on [::1] behind a reverse proxy.',
  };
}
