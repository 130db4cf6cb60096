import { randomBytes } from 'node:crypto'
import { basicAuth, createBroker, defineOffering, definePlan, memoryStore } from 'osb-server'
import { z } from 'zod'

/** @type {Map<string, { title: string, keys: Map<string, string> }>} what the app has anyway: its notebooks */
export const notebooks = new Map()

const free = definePlan({
  id: '2f0f6f4e-60c4-4f1b-9d0f-6a0f5f0f7a01',
  name: 'free',
  description: 'A notebook',
  parameters: { provision: z.object({ title: z.string().max(100).default('Untitled') }) },
})

const notebook = defineOffering({
  id: '7c9c2a63-3a4f-4a57-8f6e-0c6b5f2f9b02',
  name: 'notebook',
  description: 'A notebook of the notes app',
  bindable: true,
  plans: [free],
  async provision({ instance_id, parameters }) {
    notebooks.set(instance_id, { title: parameters.title, keys: new Map() })
    return { state: undefined }
  },
  async bind({ instance_id, binding_id }) {
    const key = randomBytes(24).toString('base64url')
    notebooks.get(instance_id)?.keys.set(binding_id, key)
    return {
      credentials: { uri: `http://localhost/notebooks/${instance_id}`, key },
      endpoints: [{ host: 'localhost', ports: ['80'] }],
    }
  },
  async unbind({ instance_id, binding_id }) {
    notebooks.get(instance_id)?.keys.delete(binding_id)
  },
  async deprovision({ instance_id }) {
    notebooks.delete(instance_id)
  },
})

/** @param {string} password */
export function makeBroker(password) {
  return createBroker({
    offerings: [notebook],
    auth: basicAuth({ username: 'platform', password }),
    // A store that lives as long as the app does; see osb-server/sqlite and osb-server/postgres for others.
    store: memoryStore(),
  })
}
