import fc from 'fast-check'
import type { BrokerStore } from 'osb-server'
import { expect } from 'vitest'
import { controlTime } from './controlled-time.js'
import { emptyStore } from './empty-store.js'
import { playSequence } from './run-sequence.js'
import { sequences } from './sequences.js'

const runs = Number(process.env['OSB_MODEL_RUNS'] ?? 15)
const seed = Number(process.env['OSB_FUZZ_SEED'] ?? Date.now() & 0x7fffffff)

export const title = 'any order of calls, crashes and takeovers comes out as the reference model says'
export const options = { timeout: 3_600_000 }

/**
 * Plays so many random sequences on a store as OSB_MODEL_RUNS says; OSB_FUZZ_SEED repeats a run.
 * @throws with the seed, the shortest sequence found that fails, and what happened in it
 */
export async function checkSequences(name: string, store: BrokerStore): Promise<void> {
  console.log(`model: ${name}: OSB_MODEL_RUNS=${runs} OSB_FUZZ_SEED=${seed}`)
  const tokens = new Map<string, number>()
  let played = 0
  const putBack = controlTime()
  try {
    const property = fc.asyncProperty(sequences, async (steps) => {
      await emptyStore(store)
      await playSequence(store, steps, tokens)
      played++
    })
    await fc.assert(property, { numRuns: runs, seed })
  } finally {
    putBack()
  }
  console.log(`model: ${name}: ${played} sequences`)
  expect(played).toBe(runs)
}
