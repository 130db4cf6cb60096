import { basicAuth, createBroker, defineOffering, definePlan, memoryStore } from 'osb-server'

const notes = defineOffering({
  id: '6d5b4b52-2f6b-4b0e-8f6f-4a8e2c1d0001',
  name: 'notes',
  description: 'A place for notes.',
  bindable: true,
  plans: [definePlan({ id: '6d5b4b52-2f6b-4b0e-8f6f-4a8e2c1d0002', name: 'small', description: 'A hundred notes.' })],
  provision: async () => {},
  deprovision: async () => {},
  bind: async ({ binding_id }) => ({ credentials: { token: `token-of-${binding_id}` } }),
  unbind: async () => {},
})

export const login = { username: 'platform', password: 'only-for-tests' }

export const broker = createBroker({ offerings: [notes], auth: basicAuth(login), store: memoryStore() })
