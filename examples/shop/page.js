/** The shop's pages as HTML. */
const style = `
  :root { color-scheme: light dark; --ink: #2b2118; --paper: #faf6ef; --accent: #b4552d; }
  @media (prefers-color-scheme: dark) { :root { --ink: #f3ece1; --paper: #1d1814; --accent: #ec9a6d; } }
  body { margin: 0 auto; max-width: 46rem; padding: 2rem 1.25rem; color: var(--ink);
    background: var(--paper); font: 1.05rem/1.6 Georgia, serif; }
  h1 { margin: 0; font-size: 2.4rem; } a { color: var(--accent); }
  .lead { margin-top: .25rem; opacity: .75; }
  ul.goods { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr));
    padding: 0; list-style: none; }
  .goods a { display: block; padding: 1rem; border: 1px solid; border-radius: .75rem; text-decoration: none; }
  .icon { display: block; font-size: 2.2rem; } footer { margin-top: 3rem; font-size: .85rem; opacity: .7; }
  code { font-size: .9em; }`;

export function page(title, body) {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
${body}
<footer>Answered by <code>${process.env.DYNO ?? 'no dyno'}</code>. Try <code>paas scale web=3</code>
and reload.</footer>
</html>
`;
}

export function escapeHtml(text) {
  return text.replace(
    /[&<>"']/g,
    (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[sign],
  );
}
