/** What is completed of one verb. */
export interface CompletedVerb {
  readonly names: readonly string[]
  readonly options: readonly string[]
}

/** A script for a shell: the first word is a verb, a word with a dash an option of it, any other the name of a file. */
export function completionScript(shell: 'bash' | 'zsh', verbs: readonly CompletedVerb[]): string {
  const words = verbs.flatMap(({ names }) => names).join(' ')
  const cases = verbs.map(({ names, options }) => `    ${names.join('|')}) options='${options.join(' ')}' ;;`)
  // zsh reads scripts of bash with this; its own form would say no more.
  const head = shell === 'zsh' ? ['autoload -U +X bashcompinit && bashcompinit'] : []
  return [
    ...head,
    '_osb() {',
    '  local word="${COMP_WORDS[COMP_CWORD]}" options=""',
    '  if [ "$COMP_CWORD" -eq 1 ]; then',
    `    COMPREPLY=($(compgen -W '${words}' -- "$word"))`,
    '    return',
    '  fi',
    '  case "${COMP_WORDS[1]}" in',
    ...cases,
    '  esac',
    '  case "$word" in',
    '    -*) COMPREPLY=($(compgen -W "$options" -- "$word")) ;;',
    '    *) COMPREPLY=($(compgen -f -- "$word")) ;;',
    '  esac',
    '}',
    'complete -F _osb osb',
    '',
  ].join('\n')
}
