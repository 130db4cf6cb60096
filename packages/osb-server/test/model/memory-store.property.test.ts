import { memoryStore } from 'osb-server'
import { it } from 'vitest'
import { checkSequences, options, title } from './check-sequences.js'

it(`${title}, on the memory store`, options, async () => {
  await checkSequences('memory', memoryStore())
})
