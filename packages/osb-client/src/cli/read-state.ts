import { openStateFile, stateFolder } from '../platform/state-file.js'
import type { PlatformState } from '../platform/state.js'
import type { VerbContext } from './verb.js'

/** The state, for verbs that only look at it: what changes it, or asks brokers, is then not even imported. */
export function readState({ env }: VerbContext): PlatformState {
  return openStateFile(stateFolder(env)).read()
}
