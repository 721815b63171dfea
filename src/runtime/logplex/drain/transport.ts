/** How frames get to where a drain leads. */
import type { Drain } from '../../model.js';
import { formatHeroku } from '../line.js';
import { type Encode, encodeHttp, syslogEncoder } from './frame.js';
import { FILE_RETRY, HTTP_RETRY, type RetryPolicy, SYSLOG_RETRY } from './retry.js';
import { type DrainTarget, parseDrainUrl } from './target.js';

/** Some messages that go together, the same bytes and the same id in every try. */
export interface Frame {
  readonly id: string;
  readonly bytes: Buffer;
  readonly messages: number;
}

/**
 * `delivered`: taken; `refused`: never to be sent again; `failed`: to be tried again;
 * `unreachable`: nothing was sent, because nobody was there; `untrusted`: the same, because the
 * server could not prove who it is.
 */
export type Outcome = 'delivered' | 'refused' | 'failed' | 'unreachable' | 'untrusted';

export interface Transport {
  /** Sends one frame, one at a time. Never rejects. */
  send(frame: Frame): Promise<Outcome>;
  /** Gives up what is on its way. */
  close(): void;
}

/** All that differs between kinds of drains. */
export interface DrainKind {
  readonly encode: Encode;
  readonly retry: RetryPolicy;
  /** Loads what is needed for it, and nothing else. */
  readonly open: () => Promise<Transport>;
}

/** @throws PlatformError invalid_params for a URL that is none of a drain */
export function drainKind(drain: Drain): DrainKind {
  const target = parseDrainUrl(drain.url);
  switch (target.kind) {
    case 'http':
      return { encode: encodeHttp, retry: HTTP_RETRY, open: () => openHttp(target, drain.token) };
    case 'syslog':
      return {
        encode: syslogEncoder(drain.token),
        retry: SYSLOG_RETRY,
        open: () => openSyslog(target),
      };
    case 'file':
      return { encode: formatHeroku, retry: FILE_RETRY, open: () => openFile(target) };
  }
}

type Of<Kind> = Extract<DrainTarget, { kind: Kind }>;

async function openHttp(target: Of<'http'>, token: string): Promise<Transport> {
  const { HttpTransport } = await import('./http.js');
  return new HttpTransport(target.url, token, target.trust);
}

async function openSyslog({ host, port, tls }: Of<'syslog'>): Promise<Transport> {
  const { SyslogTransport } = await import('./syslog.js');
  return new SyslogTransport(host, port, tls);
}

async function openFile({ path }: Of<'file'>): Promise<Transport> {
  const { FileTransport } = await import('./file.js');
  return new FileTransport(path);
}
