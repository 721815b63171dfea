/** What a client sees when the router answers in place of the app. Pure. */
import type { RouterFault } from './errors.js';

/** A whole answer of the router's own. */
export interface Page {
  readonly status: number;
  /** Flat: name, value, name, value. */
  readonly headers: readonly string[];
  readonly body: Buffer;
}

/** Another app of this machine, as the page of an unknown host links to it. */
export interface PageLink {
  readonly name: string;
  readonly url: string;
}

/**
 * The page of a fault, in the form that the client asks for.
 * @param accept the request's Accept field; HTML unless it prefers JSON or plain text
 * @param frame the app's ERROR_PAGE_URL or MAINTENANCE_PAGE_URL, shown in a full-size frame
 */
export function faultPage(fault: RouterFault, accept: string, frame?: string): Page {
  const title = fault.code === 'H80' ? 'Offline for Maintenance' : 'Application error';
  const id = fault.desc.toLowerCase().replace(/[^a-z]+/g, '_');
  return page(fault.status, accept, {
    id,
    title,
    sentence: fault.advice,
    code: fault.code,
    desc: fault.desc,
    html: frame === undefined ? undefined : framed(title, frame),
  });
}

/**
 * The page for a host that no app here has.
 * @param links the apps that run here; empty for a client that is not on this machine
 */
export function unknownHostPage(host: string, accept: string, links: readonly PageLink[]): Page {
  const list = links
    .map((link) => `<li><a href="${escapeHtml(link.url)}">${escapeHtml(link.name)}</a></li>`)
    .join('');
  const running = links.length === 0 ? '' : `<p>Running here:</p><ul>${list}</ul>`;
  return page(404, accept, {
    id: 'no_such_app',
    title: 'No such app',
    sentence: `There is no app configured at that hostname (${host}). Start it with \`paas local start\` in its folder, or give an app that name with \`paas domains:add\`.`,
    more: running,
    apps: links,
  });
}

/**
 * Sends a client that speaks plain HTTP to the same place under `https:`. For this time only: a
 * browser that remembered it would not come back to the app when it runs without TLS again.
 */
export function redirectPage(location: string): Page {
  const headers = ['Location', location, 'Content-Type', 'text/plain', ...UNCACHED];
  return { status: 307, headers, body: Buffer.from(`This port speaks TLS: ${location}\n`) };
}

/** The page for a request that HTTP does not allow, or that this router does not serve. */
export function badRequestPage(status: number, accept: string, sentence: string): Page {
  return page(status, accept, { id: 'bad_request', title: 'Bad request', sentence });
}

const UNCACHED = ['Cache-Control', 'no-cache, no-store'] as const;

interface Content {
  readonly id: string;
  readonly title: string;
  readonly sentence: string;
  readonly code?: string;
  readonly desc?: string;
  readonly more?: string;
  readonly apps?: readonly PageLink[];
  readonly html?: string | undefined;
}

function page(status: number, accept: string, content: Content): Page {
  const form = preferred(accept);
  const body = Buffer.from(RENDER[form](content));
  return {
    status,
    headers: ['Content-Type', `${form}; charset=utf-8`, ...UNCACHED],
    body,
  };
}

type Form = 'text/html' | 'application/json' | 'text/plain';

/**
 * The one of the three that the client would rather have (RFC 9110 section 12.5.1). Browsers name
 * HTML first, API clients JSON; of equals, the first named.
 */
function preferred(accept: string): Form {
  let best: { form: Form; weight: number } = { form: 'text/html', weight: 0 };
  for (const item of accept.toLowerCase().split(',')) {
    const [type = '', ...parameters] = item.split(';').map((part) => part.trim());
    const form = formOf(type);
    const told = parameters.find((parameter) => parameter.startsWith('q='));
    const weight = told === undefined ? 1 : Number(told.slice(2));
    if (form && weight > best.weight) best = { form, weight };
  }
  return best.form;
}

function formOf(type: string): Form | undefined {
  if (type === 'text/html' || type === 'application/json' || type === 'text/plain') return type;
  return type.endsWith('+json') ? 'application/json' : undefined;
}

const RENDER: Record<Form, (content: Content) => string> = {
  'text/plain': ({ title, sentence, code }) =>
    `${title}${code === undefined ? '' : ` (${code})`}\n${sentence}\n`,
  'application/json': ({ id, sentence, code, apps }) =>
    `${JSON.stringify({ id, message: sentence, code, apps })}\n`,
  'text/html': (content) => content.html ?? html(content),
};

function html({ title, sentence, code, desc, more }: Content): string {
  const label = code === undefined ? '' : `<p class="code">${code} ${desc ?? ''}</p>`;
  const text = escapeHtml(sentence).replace(/`([^`]+)`/g, '<code>$1</code>');
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title>
<meta name="viewport" content="width=device-width,initial-scale=1"><style>
body{font:16px/1.5 system-ui,sans-serif;max-width:36em;margin:15vh auto;padding:0 1em;color:#333}
h1{font-weight:500}.code{color:#888}code{background:#eee;padding:.1em .3em}
@media(prefers-color-scheme:dark){body{background:#222;color:#ddd}code{background:#444}a{color:#8bf}}
</style></head><body><h1>${title}</h1><p>${text}</p>${more ?? ''}${label}</body></html>
`;
}

/** Heroku's custom pages: the URL in a borderless frame as large as the window. */
function framed(title: string, url: string): string {
  return `<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>${title}</title><style>
html,body,iframe{margin:0;border:0;height:100%;width:100%;overflow:hidden}iframe{display:block}
</style></head><body><iframe src="${escapeHtml(url)}"></iframe></body></html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
