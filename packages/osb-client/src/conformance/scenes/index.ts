import type { Scene } from '../scene.js'
import { apiVersionsScene } from './api-versions.js'
import { binding } from './binding.js'
import { busyCreate } from './busy-create.js'
import { catalog } from './catalog.js'
import { catalogPlans } from './catalog-plans.js'
import { deprovision } from './deprovision.js'
import { logins, loginsOfChanges } from './logins.js'
import { malformed } from './malformed.js'
import { probeCut } from './probe-cut.js'
import { probeHostile } from './probe-hostile.js'
import { probeOldPolls } from './probe-old-polls.js'
import { probeParallel } from './probe-parallel.js'
import { probeRestart } from './probe-restart.js'
import { provision } from './provision.js'
import { update } from './update.js'

/** All scenes, in the order in which they are played; those of logins come after all others. */
export const scenes: readonly Scene[] = [
  catalog,
  catalogPlans,
  apiVersionsScene,
  malformed,
  provision,
  update,
  deprovision,
  busyCreate,
  binding,
  probeParallel,
  probeHostile,
  probeOldPolls,
  probeCut,
  probeRestart,
  logins,
  loginsOfChanges,
]
