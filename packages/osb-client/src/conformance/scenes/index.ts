import type { Scene } from '../scene.js'
import { provisionRepeats } from './provision-repeats.js'

/** All scenes, in the order in which they are played. */
export const scenes: readonly Scene[] = [provisionRepeats]
