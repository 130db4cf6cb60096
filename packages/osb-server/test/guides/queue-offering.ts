// The code of docs/guides/write-handlers.md; `write-handlers.test.ts` runs it, and sees that the guide shows it.
import { randomBytes } from 'node:crypto'
import { defineOffering, definePlan, OsbError } from 'osb-server'
import { z } from 'zod'

/** What makes the queues. Each call may be repeated: it makes sure that something is so. */
export interface QueueServer {
  ensureQueue(name: string, options: { password: string; megabytes: number }, signal: AbortSignal): Promise<string>
  ensureSize(name: string, megabytes: number, signal: AbortSignal): Promise<'done' | 'too full'>
  ensureUser(name: string, user: string, password: string): Promise<void>
  removeUser(name: string, user: string): Promise<void>
  removeQueue(name: string): Promise<void>
}

const newPassword = () => randomBytes(24).toString('base64url')

const standard = definePlan({
  id: '0a5b4a0f-6f0e-4b6c-9a1d-5f1f6d6b7c01',
  name: 'standard',
  description: 'A queue',
  binding_rotatable: true,
  maximum_polling_duration: 600,
  parameters: {
    provision: z.object({
      megabytes: z.int().min(1).default(100),
      note: z.string().meta({ writeOnly: true }).optional(),
    }),
    update: z.object({ megabytes: z.int().min(1).optional() }),
  },
})

export const queueOffering = (server: QueueServer) =>
  defineOffering({
    id: 'f3b0c1a2-7d7e-4c58-8a44-2f3a7d9e0b02',
    name: 'queue',
    description: 'Message queues',
    bindable: true,
    plans: [standard],
    expectedDurationSeconds: 20,
    checkpoints: z.object({ password: z.string() }),

    dashboardUrl: ({ instance_id }) => `https://queues.example.com/${encodeURIComponent(instance_id)}`,

    async provision({ instance_id, parameters, signal, progress, checkpointed, checkpoint }) {
      // An earlier attempt may have set a password already: it has to be the same one.
      const password = checkpointed?.password ?? newPassword()
      if (!checkpointed) await checkpoint({ password })
      await progress('Creating the queue')
      const url = await server.ensureQueue(`q-${instance_id}`, { password, megabytes: parameters.megabytes }, signal)
      return { state: { name: `q-${instance_id}`, url, password } }
    },

    async update({ instance, parameters, signal, progress }) {
      if (parameters?.megabytes === undefined) return {}
      // From here on a failure leaves a queue that takes no messages; the same update repairs it.
      await progress('Moving the messages', { instance_usable: false, update_repeatable: true })
      const size = await server.ensureSize(instance.state.name, parameters.megabytes, signal)
      if (size === 'too full')
        throw OsbError.unprocessable('The queue holds more messages than that.', { instance_usable: true })
      return {}
    },

    async bind({ instance, binding_id }) {
      const password = newPassword()
      // If an earlier attempt has made the user, it gets this password instead.
      await server.ensureUser(instance.state.name, binding_id, password)
      const credentials = { url: instance.state.url, username: binding_id, password }
      const day = 86_400_000
      const inDays = (days: number) => new Date(Date.now() + days * day).toISOString()
      return { credentials, metadata: { renew_before: inDays(60), expires_at: inDays(90) } }
    },

    async unbind({ instance, binding_id }) {
      await server.removeUser(instance.state.name, binding_id)
    },

    async deprovision({ instance_id }) {
      // Not by the state: a provision that failed has left none, but maybe a queue.
      await server.removeQueue(`q-${instance_id}`)
    },
  })
