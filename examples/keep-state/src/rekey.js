import { openStore } from './open-store.js'

/**
 * Encrypts all with the newest key.
 * @param {NodeJS.ProcessEnv} env
 * @param {AbortSignal} [signal]
 */
export async function rekey(env, signal) {
  const store = await openStore(env)
  try {
    return await store.rekey({ signal, onUnreadable: (error) => console.error(error) })
  } finally {
    await store.close()
  }
}
