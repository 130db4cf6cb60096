import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { basicAuth, createBroker, defineOffering, definePlan } from 'osb-server'
import { toNodeHandler } from 'osb-server/node'
import { sqliteStore } from 'osb-server/sqlite'

/** A broker as a process: what it knows is in a file, what it makes takes half a second. Arguments: folder, port. */
const [folder = '', port = ''] = process.argv.slice(2)

const broker = createBroker({
  auth: basicAuth({ username: 'checker', password: 'a-password-of-the-login' }),
  store: await sqliteStore({ file: `${folder}/broker.db`, encryptionKey: Buffer.alloc(32, 7).toString('base64') }),
  syncWindowMs: 20,
  offerings: [
    defineOffering({
      id: '0b6b1c6a-0a7b-4d9e-8a8d-3c8f0f6a0011',
      name: 'notes',
      description: 'Notes.',
      bindable: true,
      async: 'always',
      plans: [definePlan({ id: '0b6b1c6a-0a7b-4d9e-8a8d-3c8f0f6a0012', name: 'small', description: 'Small.' })],
      provision: () => sleep(500),
      deprovision: () => Promise.resolve(),
      bind: ({ binding_id }) => Promise.resolve({ credentials: { token: `token-${binding_id}` } }),
      unbind: () => Promise.resolve(),
    }),
  ],
})
createServer(toNodeHandler(broker)).listen(Number(port), '127.0.0.1', () =>
  writeFileSync(`${folder}/pid`, String(process.pid)),
)
