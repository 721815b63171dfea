/** The base of commands that ask something of a running app. */
import { ApiClient } from '../runtime/api/client.js';
import { findApp } from './app.js';
import { Command, Flags } from './command.js';

/** A running app and its API. */
export interface RunningApp {
  readonly name: string;
  /** `/apps/shop`: what the paths of its API begin with. */
  readonly path: string;
  readonly api: ApiClient;
  /** Where its router listens: `http://localhost:5006`. */
  readonly url: string;
}

export abstract class AppCommand extends Command {
  static override baseFlags = {
    ...Command.baseFlags,
    app: Flags.string({
      char: 'a',
      env: 'PAAS_APP',
      description: 'App to run against; default: the one of this folder',
      helpValue: 'APP',
      helpGroup: 'GLOBAL',
    }),
  };

  /** @param flags as they were parsed @throws PlatformError not_found when no such app runs */
  protected async connect(flags: { readonly app?: string | undefined }): Promise<RunningApp> {
    const { id, name, socket, url } = await findApp(flags.app);
    return { name, url, path: `/apps/${id}`, api: new ApiClient(socket) };
  }
}
