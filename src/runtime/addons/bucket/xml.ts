/** The little XML that S3 speaks. Pure. */

/** An element's content: text, elements by name, or several of the same name. */
export type Xml = string | number | boolean | { readonly [name: string]: Xml | readonly Xml[] };

/** A whole document. @param name of its outermost element */
export function document(name: string, content: Xml): string {
  const namespace = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${name} ${namespace}>${inner(content)}</${name}>`;
}

function inner(content: Xml): string {
  if (typeof content !== 'object') return escapeText(String(content));
  return Object.entries(content)
    .flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map((each) => `<${name}>${inner(each)}</${name}>`),
    )
    .join('');
}

/** What an XML 1.0 document may not have becomes U+FFFD: `encoding-type=url` is for such keys. */
function escapeText(text: string): string {
  const names: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot' };
  return text
    .replace(/[&<>"]/g, (sign) => `&${names[sign]};`)
    .replace(/\r/g, '&#13;')
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd');
}

/** The contents of all elements of a name, in order. What is in there is not read. */
export function elements(text: string, name: string): string[] {
  const found = text.matchAll(new RegExp(`<${name}(?:\\s[^>]*)?>([\\s\\S]*?)</${name}>`, 'g'));
  return [...found].map(([, content = '']) => content);
}

/** The text of the first element of a name. */
export function textOf(text: string, name: string): string | undefined {
  const [content] = elements(text, name);
  return content?.replace(/&(?:#(\d+)|#x([0-9a-fA-F]+)|(\w+));/g, (all, decimal, hex, known) => {
    const names: Readonly<Record<string, string>> = {
      amp: '&',
      lt: '<',
      gt: '>',
      quot: '"',
      apos: "'",
    };
    if (known) return names[known] ?? all;
    const code = Number.parseInt(decimal ?? hex, decimal ? 10 : 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}
