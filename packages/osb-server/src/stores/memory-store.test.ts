import { describe, it } from 'vitest'
import { storeContract } from './contract/store-contract.js'
import { memoryStore } from './memory-store.js'

describe('memoryStore', () => {
  it.each(storeContract)('$name', ({ run }) => run(async () => memoryStore()))
})
