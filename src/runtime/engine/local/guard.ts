/**
 * The guard: one tiny shell per engine, in a session of its own, at the other end of a pipe. When
 * the platform vanishes, by whatever signal, the pipe ends, and the guard ends every dyno.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { RUN_MARKER } from './environment.js';

/** Keeps a guard alive while the engine lives. */
export class Guard {
  readonly #runId: string;
  readonly #folder: string;
  readonly #groups = new Set<number>();
  #shell: ChildProcess | undefined;
  #state: 'watching' | 'dismissed' = 'watching';

  /**
   * @param runId the marker that every process of this run has in its environment
   * @param folder that goes when the dynos have gone with the platform
   */
  constructor(runId: string, folder = '') {
    this.#runId = runId;
    this.#folder = folder;
  }

  /**
   * Starts the shell if none runs. Call it before the first dyno starts, so that no moment is
   * unguarded: after it would spare that dyno 2 ms, and one in ten kills during a start would leave
   * a survivor.
   */
  watch(): void {
    if (this.#shell || process.platform === 'win32') return;
    const shell = spawn('/bin/sh', ['-c', SCRIPT, 'paas-guard', this.#runId, this.#folder], {
      cwd: '/',
      detached: true,
      // Without the marker of an outer run, whose guard would end this one too early.
      env: { PATH: `${process.env['PATH'] ?? ''}:/usr/local/bin:/usr/bin:/bin` },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.#shell = shell;
    shell.stdin?.on('error', () => undefined);
    shell.once('error', () => this.#lost(shell));
    shell.once('exit', () => this.#lost(shell));
    shell.unref();
    (shell.stdin as unknown as { unref?: () => void } | null)?.unref?.();
    for (const group of this.#groups) this.#tell(`+${group}`);
  }

  /** Takes a process group under guard. */
  add(group: number): void {
    this.#groups.add(group);
    this.#tell(`+${group}`);
  }

  /** Lets a group go that is empty now. */
  remove(group: number): void {
    if (this.#groups.delete(group)) this.#tell(`-${group}`);
  }

  /** Pid of the shell, while there is one. */
  get pid(): number | undefined {
    return this.#shell?.pid;
  }

  /** Ends the guard; nothing runs any more. */
  dismiss(): void {
    this.#state = 'dismissed';
    this.#tell('end');
    this.#shell?.stdin?.end();
  }

  #tell(line: string): void {
    this.#shell?.stdin?.write(`${line}\n`);
  }

  /** Somebody killed the guard: another one takes its place. */
  #lost(shell: ChildProcess): void {
    if (this.#shell !== shell) return;
    this.#shell = undefined;
    // A shell that cannot be started at all is not tried for ever.
    if (this.#state === 'watching' && shell.pid !== undefined) this.watch();
  }
}

/**
 * POSIX sh. $1 is the run's marker, $2 a folder. Lines on stdin: +GROUP, -GROUP, end.
 * At the end of stdin: TERM, at most half a second, KILL, and whoever left its group by the marker;
 * then the folder goes.
 */
const SCRIPT = `
trap '' HUP INT QUIT TERM
run=$1
folder=$2
groups=
while read -r line; do
  case $line in
    +*) groups="$groups \${line#+}" ;;
    -*) kept=; for g in $groups; do [ "$g" = "\${line#-}" ] || kept="$kept $g"; done; groups=$kept ;;
    end) exit 0 ;;
  esac
done
marked() {
  if [ -r /proc/self/environ ]; then
    grep -lsF "${RUN_MARKER}=$run" /proc/[0-9]*/environ | while IFS=/ read -r _ _ pid _; do echo "$pid"; done
  else
    ps -A -E -ww -o pid=,command= 2>/dev/null | grep -F "${RUN_MARKER}=$run" | while read -r pid _; do echo "$pid"; done
  fi
}
signal() {
  for g in $groups; do kill "-$1" "-$g" 2>/dev/null; done
  for p in $(marked); do kill "-$1" "$p" 2>/dev/null; done
}
alive() {
  for g in $groups; do kill -0 "-$g" 2>/dev/null && return 0; done
  [ -n "$(marked)" ]
}
pause() { sleep 0.1 2>/dev/null || sleep 1; }
signal TERM
n=0
while [ $n -lt 5 ] && alive; do pause; n=$((n+1)); done
signal KILL
n=0
while [ $n -lt 20 ] && [ -n "$(marked)" ]; do signal KILL; pause; n=$((n+1)); done
[ -z "$folder" ] || rm -rf -- "$folder"
`;
