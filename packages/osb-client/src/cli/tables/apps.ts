import type { VerbEntry } from '../verb.js'

/** The verbs under the heading "Apps", in the order of the help. */
export const appsVerbs: readonly VerbEntry[] = [
  {
    name: 'run',
    aliases: [],
    group: 'Apps',
    summary: 'Run a command with the environment of an app',
    load: () => import('../verbs/run.js'),
  },
  {
    name: 'apps',
    aliases: ['a'],
    group: 'Apps',
    summary: 'The apps of the targeted space',
    load: () => import('../verbs/apps.js'),
  },
  {
    name: 'env',
    aliases: ['e'],
    group: 'Apps',
    summary: 'The environment of an app',
    load: () => import('../verbs/env.js'),
  },
  {
    name: 'delete-app',
    aliases: ['d'],
    group: 'Apps',
    summary: 'Forget an app and its bindings',
    load: () => import('../verbs/delete-app.js'),
  },
]
