import type { NoStatus, Status } from '../engine/status.ts';
import type { Instant } from '../core/instant.ts';
import { answerText, answerJson, noStore, type Answer, type Asked } from './answer.ts';
import { answerTrace } from './answer-trace.ts';
import { formatMetrics, type ServerNumbers } from './format-metrics.ts';
import { answerLoginPage, answerUnauthorized } from './login-page.ts';
import { formatSessionCookie, judgeCredentials } from './session.ts';
import { answerSite, answerWithoutSite, type Site } from './site.ts';

/** What answers are made from. */
export interface Sources {
  /** Undefined where the pages were not built. */
  readonly site: Site | undefined;
  /** Undefined where none is needed; null where one is needed and there is none that could be right. */
  token(): string | null | undefined;
  status(): Promise<Status | NoStatus>;
  numbers(): ServerNumbers;
  now(): Instant;
}

/** The answer, or that the client is to get the stream of events. */
export async function route(asked: Asked, sources: Sources): Promise<Answer | 'events'> {
  const { path } = asked;
  if (path === '/healthz') return answerText(200, 'ok\n');
  const token = sources.token();
  if (token !== undefined) {
    const refused = authorize(asked, token, sources.now());
    if (refused) return refused;
  }
  switch (path) {
    case '/api/status':
      return answerJson(200, await sources.status());
    case '/api/events':
      return 'events';
    case '/api/trace':
      return answerTrace(await sources.status(), asked.query.get('address'));
    case '/metrics': {
      const text = formatMetrics(await sources.status(), sources.numbers(), sources.now());
      return answerText(200, text, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
    }
    case '/api/session':
      return { status: 204, headers: noStore, body: '' };
    default: {
      const file = sources.site ? answerSite(sources.site, asked) : answerWithoutSite(asked);
      return file ?? answerText(404, 'There is nothing here.\n');
    }
  }
}

/** What is to be answered in place of what was asked for; undefined where that may be seen. */
function authorize(asked: Asked, token: string | null, now: Instant): Answer | undefined {
  const login = answerLoginPage(asked.path);
  if (login) return login;
  const shown = judgeCredentials(asked.header('authorization'), asked.header('cookie'), token ?? '', now);
  if (token === null || shown === 'wrong' || shown === 'nothing') {
    return answerUnauthorized(shown === 'wrong', /\btext\/html\b/.test(asked.header('accept') ?? ''));
  }
  if (asked.path !== '/api/session' || shown !== 'token') return undefined;
  const secure = asked.header('x-forwarded-proto') === 'https';
  return { status: 204, headers: { ...noStore, 'set-cookie': formatSessionCookie(token, now, secure) }, body: '' };
}
