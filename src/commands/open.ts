import { AppCommand } from '../cli/app-command.js';
import { openInBrowser } from '../cli/browser.js';
import { Args } from '../cli/command.js';
import type { AppJson } from '../runtime/api/representations.js';

export default class Open extends AppCommand {
  static override description = 'Open the app in a browser, and print its URL';
  static override examples = ['paas open', 'paas open /products'];
  static override args = { path: Args.string({ description: 'Path to open: /products' }) };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Open);
    const { api, path } = await this.connect(flags);
    const app = await api.request<AppJson>('GET', path);
    const url = new URL(app.web_url);
    if (args.path !== undefined) url.href = new URL(`/${args.path.replace(/^\/+/, '')}`, url).href;
    this.show({ url: url.href }, () => url.href);
    await openInBrowser(url.href);
  }
}
