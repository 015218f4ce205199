import { answerText, noStore, type Answer } from './answer.ts';

/**
 * Where a browser shows its token once and gets a cookie for it: typed, or in the fragment of the address
 * (`/login#TOKEN`), which a browser sends to nobody. No form is sent: the token goes in a header of a request of its own.
 */
export function answerLoginPage(path: string): Answer | undefined {
  const file = files.get(path);
  return file && { status: 200, headers: { 'content-type': file.type, ...noStore }, body: file.text };
}

/** For a request without a right token: browsers that open a page are led to the login, all else is told. */
export function answerUnauthorized(wrong: boolean, wantsPage: boolean): Answer {
  if (wantsPage && !wrong) return answerText(303, 'A token is needed.\n', { location: '/login' });
  const text = wrong ? 'This token is not right.\n' : 'A token is needed: "Authorization: Bearer TOKEN", or /login.\n';
  return answerText(401, text, { 'www-authenticate': 'Bearer realm="sixgate"' });
}

const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>sixgate: token</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/login.css">
</head>
<body>
<main>
<h1>sixgate</h1>
<form id="form">
<label for="token">Token</label>
<input id="token" type="password" autocomplete="current-password" required autofocus>
<button>Show the pages</button>
<p id="said" role="status"></p>
</form>
<p>It is in the file that <code>sixgate serve --token-file</code> names on the server.</p>
<noscript>This page needs JavaScript.</noscript>
</main>
<script src="/login.js" type="module"></script>
</body>
</html>
`;

const style = `:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0; display: grid; place-items: center; min-height: 100vh; }
main { width: min(22rem, calc(100vw - 2rem)); }
label, input, button { display: block; width: 100%; box-sizing: border-box; font: inherit; }
input, button { padding: 0.5rem 0.75rem; margin: 0.25rem 0 0.75rem; }
code { white-space: nowrap; }
`;

const script = `const field = document.getElementById('token');
const said = document.getElementById('said');
const say = (text) => { said.textContent = text; };

async function enter(token) {
  let answer;
  try {
    const headers = token === undefined ? {} : { authorization: 'Bearer ' + token };
    answer = await fetch('/api/session', { headers, cache: 'no-store' });
  } catch {
    return say('The server does not answer.');
  }
  if (answer.ok) return location.replace('/');
  if (token === undefined) return;
  if (answer.status === 429) return say('Too many attempts; wait a little.');
  say('This token is not right.');
  field.select();
}

document.getElementById('form').addEventListener('submit', (event) => {
  event.preventDefault();
  say('');
  enter(field.value.trim());
});
const given = decodeURIComponent(location.hash.slice(1));
if (given !== '') history.replaceState(null, '', location.pathname);
enter(given === '' ? undefined : given);
`;

const files = new Map([
  ['/login', { type: 'text/html; charset=utf-8', text: html }],
  ['/login.css', { type: 'text/css; charset=utf-8', text: style }],
  ['/login.js', { type: 'text/javascript; charset=utf-8', text: script }],
]);
