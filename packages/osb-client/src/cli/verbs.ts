import { appsVerbs } from './tables/apps.js'
import { bindingsVerbs } from './tables/bindings.js'
import { brokersVerbs } from './tables/brokers.js'
import { commandVerbs } from './tables/command.js'
import { instancesVerbs } from './tables/instances.js'
import type { VerbEntry } from './verb.js'

/** All verbs, in the order of the help. A verb is added by one entry in its table and one file in `verbs/`. */
export const verbs: readonly VerbEntry[] = [
  ...brokersVerbs,
  ...instancesVerbs,
  ...bindingsVerbs,
  ...appsVerbs,
  ...commandVerbs,
]
