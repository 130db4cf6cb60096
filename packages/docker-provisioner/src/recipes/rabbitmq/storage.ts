import type { StorageAccess, StorageRules } from '../recipe.js'

/** Permissions to configure, write and read. */
export const permissions = {
  full: ['.*', '.*', '.*'],
  readOnly: ['^$', '^$', '.*'],
  /** Matches nothing, either, and tells a login that may write again from one that reads only. */
  restricted: ['^$|^$', '^$|^$', '.*'],
} as const

type Ctl = (input: StorageAccess, args: readonly string[]) => Promise<unknown>

/** Bounds the bytes of the messages that wait: nobody can publish or declare while there is too much, but all consume. */
export function storageRules(ctl: Ctl): StorageRules {
  const table = async ({ run }: StorageAccess, ...args: string[]) => {
    const text = await run(['rabbitmqctl', '--quiet', '--no-table-headers', ...args])
    return text.split('\n').map((line) => line.trim().split('\t'))
  }
  const change = async (input: StorageAccess, from: keyof typeof permissions, to: keyof typeof permissions) => {
    const { database } = input
    for (const [user = '', ...found] of await table(input, 'list_permissions', '-p', database)) {
      if (found.join() !== permissions[from].join()) continue
      await ctl(input, ['set_permissions', '-p', database, user, ...permissions[to]])
    }
  }
  return {
    async measure(input) {
      const rows = await table(input, 'list_queues', '-p', input.database, 'message_bytes')
      return rows.reduce((sum, [bytes]) => sum + (Number(bytes) || 0), 0)
    },
    restrict: (input) => change(input, 'full', 'restricted'),
    release: (input) => change(input, 'restricted', 'full'),
  }
}
