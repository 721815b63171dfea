import { Args, Command } from '../../cli/command.js';
import { SCRIPTS, SHELLS, type Shell } from '../../cli/completion/scripts.js';
import { UsageError } from '../../cli/failure.js';

export default class Completion extends Command {
  static override description = `Print what makes a shell complete paas on Tab
Commands, flags, process types, dynos, config vars and releases of the app that runs.
Put the line of your shell below into its startup file; \`paas\` has to be on the PATH.`;
  static override examples = [
    'paas completion bash',
    'echo \'eval "$(paas completion bash)"\' >> ~/.bashrc',
    'echo \'eval "$(paas completion zsh)"\' >> ~/.zshrc',
    'paas completion fish > ~/.config/fish/completions/paas.fish',
  ];
  static override args = {
    shell: Args.string({ description: 'bash, zsh or fish; default: yours' }),
  };

  async run(): Promise<void> {
    const { args } = await this.parse(Completion);
    const name = args.shell ?? process.env['SHELL']?.split('/').at(-1) ?? '';
    const shell = SHELLS.find((known): known is Shell => known === name);
    if (!shell)
      throw new UsageError(
        `There is no completion for ${JSON.stringify(name)}. Name one of ${SHELLS.join(', ')}.`,
      );
    this.show({ shell, script: SCRIPTS[shell] }, () => SCRIPTS[shell]);
  }
}
