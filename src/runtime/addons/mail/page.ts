/** The page with the mails, as HTML without any script. Pure. */
import type { Email } from 'postal-mime';
import type { Caught } from './mailbox.js';

/** Seconds after which the list is loaded anew. */
const REFRESH = 5;

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; }
header { display: flex; justify-content: space-between; align-items: baseline; gap: 1rem; }
ul { list-style: none; padding: 0; }
li { border-top: 1px solid #8884; }
li a { display: block; padding: .6rem .3rem; text-decoration: none; color: inherit; }
li a:hover, li a:focus { background: #8882; }
small, dt { color: #777; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; }
dd { margin: 0; overflow-wrap: anywhere; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; }
iframe { width: 100%; height: 60vh; border: 1px solid #8884; background: #fff; }
`;

/** All mails. @param title name of the add-on */
export function listPage(title: string, mails: readonly Caught[]): string {
  const items = mails.map(
    ({ id, subject, from, to, receivedAt }) =>
      `<li><a href="mails/${id}"><b>${text(subject || '(no subject)')}</b><br>
<small>${text(from)} → ${text(to.join(', '))} · ${text(new Date(receivedAt).toLocaleString())}</small></a></li>`,
  );
  const empty =
    '<p>No mail yet. What the app sends to SMTP_URL arrives here, and nowhere else.</p>';
  const button =
    mails.length === 0
      ? ''
      : '<form method="post" action="empty"><button>Delete all</button></form>';
  return page(
    title,
    `<header><h1>${text(title)}</h1>${button}</header>
${items.length === 0 ? empty : `<ul>${items.join('\n')}</ul>`}`,
    `<meta http-equiv="refresh" content="${REFRESH}">`,
  );
}

/** One mail. The HTML of the mail is shown in a frame that may run nothing and load nothing. */
export function mailPage(mail: Caught, email: Email): string {
  const facts = [
    ['From', email.from ? addressText(email.from) : mail.from],
    ['To', mail.to.join(', ')],
    ['Date', email.date ?? new Date(mail.receivedAt).toISOString()],
    ['Size', `${mail.size} bytes`],
  ];
  const rows = facts.map(([name, value]) => `<dt>${name}</dt><dd>${text(value ?? '')}</dd>`);
  const files = email.attachments.map(
    ({ filename }, index) =>
      `<li><a href="${mail.id}/attachments/${index}">${text(filename ?? `attachment ${index + 1}`)}</a></li>`,
  );
  const html = email.html
    ? `<iframe sandbox title="HTML" srcdoc="${text(email.html)}"></iframe>`
    : '';
  return page(
    mail.subject,
    `<header><h1>${text(mail.subject || '(no subject)')}</h1><a href="../">All mails</a></header>
<dl>${rows.join('')}</dl>
${html}
${email.text ? `<pre>${text(email.text)}</pre>` : ''}
${files.length === 0 ? '' : `<h2>Attachments</h2><ul>${files.join('')}</ul>`}
<p><a href="${mail.id}/source">Source</a></p>`,
  );
}

function page(title: string, body: string, head = ''): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">${head}
<title>${text(title)}</title><style>${STYLE}</style></head><body>${body}</body></html>`;
}

function addressText({ name, address }: { name?: string; address?: string | undefined }): string {
  return name ? `${name} <${address ?? ''}>` : (address ?? '');
}

/** Nothing of a mail is ever markup of the page. */
function text(value: string): string {
  const names: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return value.replace(/[&<>"']/g, (sign) => names[sign] ?? sign);
}
