import { expect, it } from 'vitest'
import { scramVerifier } from './scram-verifier.js'

it('makes what PostgreSQL 15 stored for the same password and salt', async () => {
  const salt = Buffer.from('UofkAg2UaHQ4QsGOA+AhCA==', 'base64')
  expect(await scramVerifier('pencil', salt)).toBe(
    'SCRAM-SHA-256$4096:UofkAg2UaHQ4QsGOA+AhCA==$wFsig0qEt1WhXSQmrhuDZ3OnynTUDIavvhSfXd4ffrI=:w99YIuJYB8D3IvYW0jBdFaQybgvd7jyzXq/iT4j+2R4=',
  )
})
