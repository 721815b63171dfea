import { findAddon } from '../../cli/addons/client.js';
import { AppCommand } from '../../cli/app-command.js';
import { openInBrowser } from '../../cli/browser.js';
import { Args } from '../../cli/command.js';
import { PlatformError } from '../../runtime/errors.js';

export default class AddonsOpen extends AppCommand {
  static override description = 'Open the page of an add-on in a browser, and print its URL';
  static override examples = ['paas addons:open MAIL', 'paas addons:open mailcatcher-curly-12345'];
  static override args = {
    addon: Args.string({ description: 'Name of the add-on or an attachment', required: true }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(AddonsOpen);
    const { name, web_url: url } = await findAddon(await this.connect(flags), args.addon);
    if (url === null) {
      throw new PlatformError(
        'unavailable',
        `${name} has no page. \`paas addons:info ${name}\` tells what it is.`,
      );
    }
    this.show({ url }, () => url);
    await openInBrowser(url);
  }
}
