/**
 * The guard: one tiny shell per engine, in a session of its own, at the other end of a pipe. When
 * the platform vanishes, by whatever signal, the pipe ends, and the guard ends every dyno.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { RUN_MARKER } from './environment.js';

/** What dynos leave; empty where there is none. */
interface Remains {
  /** A folder. */
  readonly folder: string;
  /** What the folders of their control groups begin with. @see limits/control-groups.ts */
  readonly controlGroups: string;
}

/** Keeps a guard alive while the engine lives. */
export class Guard {
  readonly #runId: string;
  readonly #remains: Remains;
  readonly #groups = new Set<number>();
  #shell: ChildProcess | undefined;
  #state: 'watching' | 'dismissed' = 'watching';

  /**
   * @param runId the marker that every process of this run has in its environment
   * @param remains what has to go when the dynos have gone with the platform
   */
  constructor(runId: string, remains: Partial<Remains> = {}) {
    this.#runId = runId;
    this.#remains = { folder: '', controlGroups: '', ...remains };
  }

  /**
   * Starts the shell if none runs. Call it before the first dyno starts, so that no moment is
   * unguarded: after it would spare that dyno 2 ms, and one in ten kills during a start would leave
   * a survivor.
   */
  watch(): void {
    if (this.#shell || process.platform === 'win32') return;
    const { folder, controlGroups } = this.#remains;
    const words = ['-c', SCRIPT, 'paas-guard', this.#runId, folder, controlGroups];
    const shell = spawn('/bin/sh', words, {
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
 * POSIX sh. $1 is the run's marker, $2 a folder, $3 what control groups begin with. Lines on stdin:
 * +GROUP, -GROUP, end. At the end of stdin: TERM, at most half a second, KILL, and whoever left its
 * group by the marker or the control group; then the folder and the control groups go.
 */
const SCRIPT = `
trap '' HUP INT QUIT TERM
run=$1
folder=$2
control=$3
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
  [ -z "$control" ] || [ "$1" = TERM ] || divisions kill
}
divisions() {
  for d in "$control"*; do
    [ "$d" = "\${control}platform" ] && continue
    if [ "$1" = kill ]; then echo 1 >"$d/cgroup.kill"; else rmdir "$d"; fi 2>/dev/null
  done
}
undivide() {
  divisions remove
  [ -d "\${control}platform" ] || return
  whole=\${control%/*}
  for c in memory pids; do echo "-$c" >"$whole/cgroup.subtree_control"; done
  while read -r p; do echo "$p" >"$whole/cgroup.procs"; done <"\${control}platform/cgroup.procs"
  rmdir "\${control}platform"
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
[ -z "$control" ] || undivide 2>/dev/null
`;
