/** What a shell runs when Tab is pressed behind `paas`: it asks `paas completion:words`. */

const BASH = `_paas() {
  local line="\${COMP_LINE:0:COMP_POINT}" IFS=$'\\n'
  local word="\${line##*[[:space:]]}"
  COMPREPLY=($(paas completion:words -- "$line" 2>/dev/null | cut -f1))
  # For bash a word ends at : and =, so it wants only what comes behind them.
  local head="\${word%"\${word##*[:=]}"}"
  COMPREPLY=("\${COMPREPLY[@]#"$head"}")
  [[ "\${COMPREPLY[*]}" == *= ]] && compopt -o nospace 2>/dev/null
}
complete -o default -F _paas paas`;

const ZSH = `_paas() {
  local -a found
  local word about
  while IFS=$'\\t' read -r word about; do
    found+=("\${word//:/\\\\:}:$about")
  done < <(paas completion:words -- "\${(j: :)words[1,CURRENT-1]} $PREFIX" 2>/dev/null)
  if (( $#found )); then _describe -V paas found; else _files; fi
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
compdef _paas paas`;

const FISH = `complete -c paas -f -k -a '(paas completion:words -- (commandline -cp) 2>/dev/null; or __fish_complete_path (commandline -ct))'`;

export type Shell = 'bash' | 'zsh' | 'fish';

export const SHELLS: readonly Shell[] = ['bash', 'zsh', 'fish'];

export const SCRIPTS: Readonly<Record<Shell, string>> = { bash: BASH, zsh: ZSH, fish: FISH };
