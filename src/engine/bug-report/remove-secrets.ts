const removed = '(removed)';

/** What is too short to be a secret would only make holes in the text. */
const shortest = 6;

/**
 * Takes secrets out of a text for others: those that are `known`, in whatever way they are written down, and everything that looks like
 * one by its place: user and password in a URL, values of its query, long random parts of its path, what stands behind `password:`,
 * `token=`, `secret "..."`, `Authorization:` and the like.
 */
export function removeSecrets(text: string, known: readonly string[]): string {
  const forms = [...new Set(known.filter((each) => each.length >= shortest).flatMap(waysToWrite))];
  const without = forms
    .toSorted((one, other) => other.length - one.length)
    .reduce((left, secret) => left.replaceAll(secret, removed), text);
  return without
    .replaceAll(/\b[a-z][a-z0-9+.-]*:\/\/[^\s"'<>]+/gi, removeFromUrl)
    .replaceAll(/(authorization["']?\s*[:=]\s*["']?(?:bearer|basic|digest)?\s*)[^\s"',}]+/gi, `$1${removed}`)
    .replaceAll(/(\bbearer\s+)[\w.~+/=-]{8,}/gi, `$1${removed}`)
    .replaceAll(named, `$1${removed}`)
    .replaceAll(/(\bsecret\s+)"[^"]*"/gi, `$1${removed}`)
    .replaceAll(/(\bauthtoken\s+).*/gi, `$1${removed}`)
    .replaceAll(/-----BEGIN [A-Z ]+-----[^]*?-----END [A-Z ]+-----/g, removed);
}

/** Names of files that hold a secret are none: `passwordFile: /etc/...`. */
const named =
  /((?:\b|_)(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[-_]?key|key|psk|credentials?|cookie|user(?:name)?|login)["']?\s*[:=]\s*)(?!\/)(?:"[^"\n]*"|'[^'\n]*'|[^\s,;&}]+)/gi;

function waysToWrite(secret: string): string[] {
  return [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
}

function removeFromUrl(url: string): string {
  const [, scheme = '', user = '', rest = ''] = /^([a-z][a-z0-9+.-]*:\/\/)([^/?#@]*@)?(.*)$/i.exec(url) ?? [];
  const [, place = '', query = '', fragment = ''] = /^([^?#]*)(\?[^#]*)?(#.*)?$/.exec(rest) ?? [];
  const path = place.replaceAll(/(?<=\/)(?=[^/]*\d)(?=[^/]*[a-z])[\w-]{16,}/gi, removed);
  const values = query.slice(1).split('&').map(removeValue).join('&');
  return `${scheme}${user === '' ? '' : `${removed}@`}${path}${query === '' ? '' : `?${values}`}${fragment === '' ? '' : `#${removed}`}`;
}

/** What we put in its place ourselves says nothing. */
function removeValue(part: string): string {
  const [, name = '', value = ''] = /^([^=]*=)?(.*)$/.exec(part) ?? [];
  return /^(\{\w+\}|[a-z]{0,5}|)$/.test(value) ? part : `${name}${removed}`;
}

/** Comments of YAML: they can hold anything. */
export function removeComments(yaml: string): string {
  return yaml
    .split('\n')
    .map((line) => {
      let quote = '';
      for (let at = 0; at < line.length; at++) {
        const character = line[at]!;
        if (quote !== '') quote = character === quote ? '' : quote;
        else if (character === '"' || character === "'") quote = character;
        else if (character === '#' && (at === 0 || /\s/.test(line[at - 1]!))) return line.slice(0, at).trimEnd();
      }
      return line;
    })
    .join('\n');
}

/** The secrets in a file that is there to hold some: a password, a token, a TSIG key as `tsig-keygen` writes it. */
export function findSecrets(file: string): string[] {
  const quoted = [...file.matchAll(/secret\s+"?([^"\s;]+)/gi)].map((match) => match[1]!);
  const words = file.split(/[\s"';:{}]+/).filter((word) => word.length >= 16);
  const lines = file.split('\n').map((line) => line.trim());
  return [...new Set([...quoted, ...words, ...(lines.length <= 2 ? lines : [])])].filter(
    (each) => each.length >= shortest,
  );
}
