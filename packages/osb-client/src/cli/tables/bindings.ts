import type { VerbEntry } from '../verb.js'

/** The verbs under the heading "Bindings", in the order of the help. */
export const bindingsVerbs: readonly VerbEntry[] = [
  {
    name: 'bind-service',
    aliases: ['bs'],
    group: 'Bindings',
    summary: 'Bind an app to an instance',
    load: () => import('../verbs/bind-service.js'),
  },
  {
    name: 'unbind-service',
    aliases: ['us'],
    group: 'Bindings',
    summary: 'Unbind an app from an instance',
    load: () => import('../verbs/unbind-service.js'),
  },
  {
    name: 'rotate-binding',
    aliases: [],
    group: 'Bindings',
    summary: 'Make the successor of a binding',
    load: () => import('../verbs/rotate-binding.js'),
  },
  {
    name: 'cleanup-outdated-service-bindings',
    aliases: [],
    group: 'Bindings',
    summary: 'Remove all but the newest bindings',
    load: () => import('../verbs/cleanup-outdated-service-bindings.js'),
  },
  {
    name: 'create-service-key',
    aliases: ['csk'],
    group: 'Bindings',
    summary: 'Make credentials that belong to no app',
    load: () => import('../verbs/create-service-key.js'),
  },
  {
    name: 'service-keys',
    aliases: ['sk'],
    group: 'Bindings',
    summary: 'The keys of an instance',
    load: () => import('../verbs/service-keys.js'),
  },
  {
    name: 'service-key',
    aliases: [],
    group: 'Bindings',
    summary: 'One key',
    load: () => import('../verbs/service-key.js'),
  },
  {
    name: 'delete-service-key',
    aliases: ['dsk'],
    group: 'Bindings',
    summary: 'Delete a key',
    load: () => import('../verbs/delete-service-key.js'),
  },
]
