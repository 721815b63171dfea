import { expect, it } from 'vitest';
import {
  encodeHttp,
  lossLine,
  priority,
  syslogEncoder,
} from '../../../../src/runtime/logplex/drain/frame.js';
import { HTTP_RETRY, SYSLOG_RETRY } from '../../../../src/runtime/logplex/drain/retry.js';

const time = Date.UTC(2026, 7, 4, 6, 45, 29) * 1000 + 5;
const line = (source: string, process: string, text: string) => ({ time, source, process, text });

it('writes Logplex’s own form for HTTP, counted in bytes', () => {
  expect(encodeHttp(line('heroku', 'web.3', 'State changed from starting to up'))).toBe(
    '93 <45>1 2026-08-04T06:45:29.000005+00:00 host heroku web.3 - State changed from starting to up\n',
  );
  const text = encodeHttp(line('app', 'web.1', 'naïve ☃'));
  const [, count, frame] = /^(\d+) (.*)$/s.exec(text) ?? [];
  expect(Buffer.byteLength(frame ?? '')).toBe(Number(count));
});

it('writes RFC 5424 with the token for the host to syslog', () => {
  expect(syslogEncoder('d.1')(line('app', 'web.1', 'hi'))).toBe(
    '61 <190>1 2026-08-04T06:45:29.000005+00:00 d.1 app web.1 - - hi\n',
  );
});

it('gives each source its priority', () => {
  expect(priority(line('app', 'web.1', ''))).toBe(190);
  expect(priority(line('heroku', 'router', ''))).toBe(158);
  expect(priority(line('heroku', 'web.1', ''))).toBe(45);
  expect(priority(line('app', 'api', ''))).toBe(45);
  const loss = lossLine({ lines: 7, since: time }, time);
  expect(priority(loss)).toBe(172);
  expect(loss.text).toBe(
    'Error L10 (output buffer overflow): 7 messages dropped since 2026-08-04T06:45:29+00:00.',
  );
});

it('waits as Logplex does', () => {
  expect([0, 0.99].map((random) => HTTP_RETRY.pause(20, 0, random))).toEqual([0, 5110]);
  expect(HTTP_RETRY.pause(2, 0, 0.99)).toBe(10);
  expect(SYSLOG_RETRY.pause(1, 0, 0)).toBe(0);
  expect(SYSLOG_RETRY.pause(2, 10_000, 0)).toBe(20_000);
  expect(SYSLOG_RETRY.pause(2, Number.POSITIVE_INFINITY, 0)).toBe(4_000);
  expect(SYSLOG_RETRY.pause(30, Number.POSITIVE_INFINITY, 0)).toBe(300_000);
});
