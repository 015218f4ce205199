import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Instant } from '../core/instant.ts';

const cookieName = 'sixgate-session';
const sessionSeconds = 30 * 86_400;

/** What a request shows: the token itself, a cookie made from it, something that is neither, or nothing. */
export type Shown = 'token' | 'cookie' | 'wrong' | 'nothing';

/**
 * Judges `Authorization: Bearer TOKEN` and the cookie of a session. A cookie holds an end and a MAC of it under the
 * token, so nothing is kept here, and a new token ends all sessions.
 */
export function judgeCredentials(
  authorization: string | undefined,
  cookies: string | undefined,
  token: string,
  now: Instant,
): Shown {
  const bearer = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
  if (bearer !== undefined && equal(bearer, token)) return 'token';
  const sessions = (cookies ?? '')
    .split(';')
    .map((each) => each.trim())
    .filter((each) => each.startsWith(`${cookieName}=`))
    .map((each) => each.slice(cookieName.length + 1));
  // Others on this host name, at another port, can set cookies of this name too; one that is right is enough.
  if (sessions.some((session) => isSession(session, token, now))) return 'cookie';
  return bearer === undefined ? 'nothing' : 'wrong';
}

/** The value of Set-Cookie for a session that begins now. `secure`: the browser came by HTTPS. */
export function formatSessionCookie(token: string, now: Instant, secure: boolean): string {
  const until = String(Math.floor(now / 1000) + sessionSeconds);
  const attributes = `Max-Age=${sessionSeconds}; Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
  return `${cookieName}=${until}.${macOf(until, token)}; ${attributes}`;
}

function isSession(session: string, token: string, now: Instant): boolean {
  const [until = '', mac = ''] = session.split('.');
  return /^[0-9]{1,12}$/.test(until) && equal(mac, macOf(until, token)) && Number(until) * 1000 > now;
}

function macOf(until: string, token: string): string {
  return createHmac('sha256', token).update(`sixgate session until ${until}`).digest('base64url');
}

/** In a time that tells nothing of where they differ, or of their lengths. */
function equal(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
