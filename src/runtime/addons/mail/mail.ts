/**
 * A mail catcher: takes every mail that the app sends, and shows it on a page. Attached as
 * MAILGUN_SMTP or MAILTRAP it gives the config vars of those.
 */
import type { Server } from 'node:net';
import { PlatformError } from '../../errors.js';
import type { Addon } from '../../model.js';
import type { AddonProvider, Place, Provisioned, RunningAddon, Service } from '../provider.js';
import { hex } from '../secret.js';
import { HOST, listening } from '../server/loopback.js';
import { Mailbox } from './mailbox.js';
import { type Login, smtpServer } from './smtp.js';
import { mailServer } from './web.js';

const SERVICE: Service = {
  name: 'mailcatcher',
  alsoCalled: ['mail', 'smtp'],
  title: 'Mail Catcher',
  prefix: 'mailcatcher',
  plans: [{ name: 'test', description: 'the newest 500 mails' }],
  attachment: { first: 'SMTP', further: 'SMTP' },
  perApp: 'many',
};

export const mail: AddonProvider = {
  service: SERVICE,

  async provision(_plan, place): Promise<Provisioned> {
    const login = { user: `u${hex(6)}`, password: `p${hex(16)}` };
    const [port, pagePort] = [await place.port(), await place.port()];
    return { config: configOf(login, port), settings: { pagePort, secret: hex(16) } };
  },

  async start(addon: Addon, place: Place): Promise<RunningAddon> {
    const { LOGIN: user = '', PASSWORD: password = '', PORT } = addon.config;
    const login = { user, password };
    const port = await place.port(Number(PORT));
    const pagePort = await place.port(Number(addon.settings['pagePort']));
    const secret = String(addon.settings['secret']);
    const mailbox = await Mailbox.open(place.folder);
    const smtp = await smtpServer(
      mailbox,
      login,
      ({ from, to, subject }) =>
        place.log(`Caught a mail of ${from} to ${to.join(', ')}: ${subject.replace(/\s+/g, ' ')}`),
      (error) => place.log(`A mail was not kept: ${error.message}`),
    );
    const web = mailServer(mailbox, secret, addon.name);
    await listening(smtp.server as Server, port);
    await listening(web, pagePort).catch((error) => {
      smtp.server.close();
      throw error;
    });
    const page = `http://${HOST}:${pagePort}/${secret}/`;
    place.log(`Listening for mails on port ${port}. Read them: paas addons:open ${addon.name}`);
    return {
      config: configOf(login, port),
      page,
      status: () => 'up',
      act: async (action) => {
        if (action === 'list') return mailbox.all();
        throw new PlatformError('not_found', `A mail catcher has no action ${action}.`);
      },
      stop: async () => {
        web.closeAllConnections();
        await Promise.all([
          new Promise<void>((resolve) => smtp.close(resolve)),
          new Promise((resolve) => web.close(resolve)),
        ]);
      },
    };
  },
};

function configOf({ user, password }: Login, port: number) {
  return {
    URL: `smtp://${user}:${password}@${HOST}:${port}`,
    SERVER: HOST,
    PORT: String(port),
    LOGIN: user,
    PASSWORD: password,
  };
}
