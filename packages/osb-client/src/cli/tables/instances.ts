import type { VerbEntry } from '../verb.js'

/** The verbs under the heading "Instances", in the order of the help. */
export const instancesVerbs: readonly VerbEntry[] = [
  {
    name: 'create-service',
    aliases: ['cs'],
    group: 'Instances',
    summary: 'Order a service instance',
    load: () => import('../verbs/create-service.js'),
  },
  {
    name: 'update-service',
    aliases: [],
    group: 'Instances',
    summary: 'Change plan, parameters or tags of an instance',
    load: () => import('../verbs/update-service.js'),
  },
  {
    name: 'upgrade-service',
    aliases: [],
    group: 'Instances',
    summary: 'Bring an instance to the version of its plan',
    load: () => import('../verbs/upgrade-service.js'),
  },
  {
    name: 'rename-service',
    aliases: [],
    group: 'Instances',
    summary: 'Give an instance another name',
    load: () => import('../verbs/rename-service.js'),
  },
  {
    name: 'services',
    aliases: ['s'],
    group: 'Instances',
    summary: 'The instances of the targeted space',
    load: () => import('../verbs/services.js'),
  },
  {
    name: 'service',
    aliases: [],
    group: 'Instances',
    summary: 'One instance with its bindings',
    load: () => import('../verbs/service.js'),
  },
  {
    name: 'delete-service',
    aliases: ['ds'],
    group: 'Instances',
    summary: 'Delete an instance',
    load: () => import('../verbs/delete-service.js'),
  },
  {
    name: 'create-user-provided-service',
    aliases: ['cups'],
    group: 'Instances',
    summary: 'Make an instance that no broker knows',
    load: () => import('../verbs/create-user-provided-service.js'),
  },
  {
    name: 'update-user-provided-service',
    aliases: ['uups'],
    group: 'Instances',
    summary: 'Change such an instance',
    load: () => import('../verbs/update-user-provided-service.js'),
  },
  {
    name: 'purge-service-instance',
    aliases: [],
    group: 'Instances',
    summary: 'Forget an instance without its broker',
    load: () => import('../verbs/purge-service-instance.js'),
  },
]
