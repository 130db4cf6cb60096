import { basicAuth, createBroker, defineOffering, definePlan, memoryStore } from 'osb-server'

const done = async () => {}

export const makeBroker = (password: string) =>
  createBroker({
    auth: basicAuth({ username: 'platform', password }),
    store: memoryStore(),
    offerings: [
      defineOffering({
        id: '7c9c2a63-3a4f-4a57-8f6e-0c6b5f2f9b02',
        name: 'notebook',
        description: 'A notebook',
        bindable: true,
        plans: [definePlan({ id: '2f0f6f4e-60c4-4f1b-9d0f-6a0f5f0f7a01', name: 'free', description: 'One page' })],
        provision: done,
        deprovision: done,
        bind: async ({ binding_id }) => ({ credentials: { key: `key-of-${binding_id}` } }),
        unbind: done,
      }),
    ],
  })
