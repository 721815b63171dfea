import { AppCommand } from '../cli/app-command.js';
import { Args } from '../cli/command.js';
import { releaseVersion } from '../cli/release-list.js';
import type { ReleaseJson } from '../runtime/api/representations.js';
import { PlatformError } from '../runtime/errors.js';

export default class Rollback extends AppCommand {
  static override description = `Go back to an earlier release, as a new release
Process types and config vars are those of that release; .env is changed to match.`;
  static override examples = ['paas rollback', 'paas rollback v3'];
  static override aliases = ['releases:rollback'];
  static override args = {
    release: Args.string({ description: 'Version: v3. Default: the one before the current' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Rollback);
    const wanted = args.release === undefined ? undefined : releaseVersion(args.release);
    const { api, path, name } = await this.connect(flags);
    const target = wanted
      ? await api.request<ReleaseJson>('GET', `${path}/releases/${wanted}`)
      : previous(
          await api.request('GET', `${path}/releases`, { range: 'version ..; max=10, order=desc' }),
        );
    const body = { release: target.id };
    const release = await api.request<ReleaseJson>('POST', `${path}/releases`, { body });
    this.say(`Rolling back ${name} to v${target.version}... done, v${release.version}`);
    this.say(
      `Code in the folder stays as it is. To undo, run: paas rollback v${release.version - 1}`,
    );
    this.show(release, () => undefined);
  }
}

/** As Heroku's CLI picks it: the second newest that can be gone back to. */
function previous(releases: readonly ReleaseJson[]): ReleaseJson {
  const target = releases.filter((release) => release.eligible_for_rollback)[1];
  if (target) return target;
  throw new PlatformError(
    'not_found',
    'There is no earlier release to go back to. `paas releases` lists them.',
  );
}
