/** Puts name, address and prefix in the place of `{name}`, `{address}` and `{prefix}`. */
export function compileUpdateUrl(template: string, values: { name: string; address: string; prefix: string }): string {
  return template.replace(/\{(name|address|prefix)\}/g, (_, key: 'name' | 'address' | 'prefix') =>
    encodeURIComponent(values[key]),
  );
}

/** What the update protocol of most providers (dyndns2) says in a page with status 200 where nothing was updated. */
const refusals = ['badauth', '!donator', 'notfqdn', 'nohost', 'numhost', 'abuse', 'badagent', 'dnserr', '911', 'KO'];

/** Why the answer is no success; undefined where it is one. */
export function judgeUpdateAnswer(status: number, body: string): string | undefined {
  const said = body.trim().split('\n')[0]!.slice(0, 100);
  if (status < 200 || status > 299) return `status ${status}${said && `: ${said}`}`;
  return refusals.includes(said.split(/\s/)[0]!) ? said : undefined;
}
