import type { VerbEntry } from '../verb.js'

/** The verbs under the heading "This command", in the order of the help. */
export const commandVerbs: readonly VerbEntry[] = [
  {
    name: 'target',
    aliases: ['t'],
    group: 'This command',
    summary: 'The organization and the space to work in',
    load: () => import('../verbs/target.js'),
  },
  {
    name: 'cleanup',
    aliases: [],
    group: 'This command',
    summary: 'Finish what a crash left',
    load: () => import('../verbs/cleanup.js'),
  },
  {
    name: 'completion',
    aliases: [],
    group: 'This command',
    summary: 'Completion for bash and zsh',
    load: () => import('../verbs/completion.js'),
  },
  {
    name: 'help',
    aliases: ['h'],
    group: 'This command',
    summary: 'All verbs, or how one of them is used',
    load: () => import('../verbs/help.js'),
  },
]
