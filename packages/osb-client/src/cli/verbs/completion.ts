import { commonOptions } from '../common-options.js'
import { usageError } from '../cli-error.js'
import { completionScript, type CompletedVerb } from '../completion-script.js'
import { defineVerb } from '../verb.js'

export const verb = defineVerb({
  arguments: 'bash|zsh',
  options: {},
  details: 'Prints what a shell needs to complete verbs and options.',
  example: 'osb completion bash > ~/.local/share/bash-completion/completions/osb\nsource <(osb completion zsh)',
  async run({ args: [shell = ''], verbs }) {
    if (shell !== 'bash' && shell !== 'zsh')
      throw usageError(`there is no completion for ${shell}`, 'Give bash or zsh.')
    const all: CompletedVerb[] = await Promise.all(
      verbs.map(async ({ name, aliases, load }) => {
        const { verb: loaded } = await load()
        const options = Object.entries({ ...commonOptions, ...loaded.options })
        return { names: [name, ...aliases], options: options.map(([option]) => `--${option}`) }
      }),
    )
    const script = completionScript(shell, all)
    return { json: { shell, script }, text: script }
  },
})
