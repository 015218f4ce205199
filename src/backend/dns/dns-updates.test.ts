import { expect, test } from 'vitest';
import { compileUpdateUrl, judgeUpdateAnswer } from './http-update.ts';
import { compileNsupdate, nsupdateCommand } from './nsupdate.ts';

test('nsupdate: one message that replaces the records of a name', () => {
  const service = {
    via: 'nsupdate',
    server: '2001:db8::53',
    port: 53,
    zone: 'example.org',
    keyFile: '/key',
    ttl: 60,
  } as const;
  expect(compileNsupdate(service, 'www.example.org', '2001:db8:a::10')).toBe(`server 2001:db8::53 53
zone example.org.
update delete www.example.org. AAAA
update add www.example.org. 60 AAAA 2001:db8:a::10
send
`);
  expect(nsupdateCommand(service).slice(-2)).toEqual(['-k', '/key']);
  expect(compileNsupdate({ via: 'nsupdate', port: 53, ttl: 60 }, 'a.b', '::')).not.toContain('server');
});

test('the URL of a provider', () => {
  const values = { name: 'www.example.org', address: '2001:db8::10', prefix: '2001:db8::/58' };
  expect(compileUpdateUrl('https://x/?h={name}&ip={address}&p={prefix}&x={other}', values)).toBe(
    'https://x/?h=www.example.org&ip=2001%3Adb8%3A%3A10&p=2001%3Adb8%3A%3A%2F58&x={other}',
  );
});

test.each([
  [200, 'good 2001:db8::10\n', undefined],
  [204, '', undefined],
  [200, 'nochg', undefined],
  [200, 'badauth\n', 'badauth'],
  [200, 'KO', 'KO'],
  [401, 'who?\nmore', 'status 401: who?'],
  [302, '', 'status 302'],
])('%i %j', (status, body, why) => {
  expect(judgeUpdateAnswer(status, body)).toBe(why);
});
