import type { VerbEntry } from './verb.js'

/** All verbs, in the order of the help. A verb is added by one entry here and one file in `verbs/`. */
export const verbs: readonly VerbEntry[] = [
  {
    name: 'help',
    aliases: ['h'],
    group: 'This command',
    summary: 'All verbs, or how one of them is used',
    load: () => import('./verbs/help.js'),
  },
]
