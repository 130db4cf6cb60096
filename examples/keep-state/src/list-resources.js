/**
 * One line for each instance or binding of a tenant, without what is secret of it.
 * @param {import('osb-server').BrokerStore} store
 * @param {{ tenant: string, only: 'instances' | 'bindings' }} which
 */
export async function* listResources(store, { tenant, only }) {
  /** @type {string | undefined} */
  let after
  do {
    const page = await store.list({ tenant, only, after, limit: 500, onUnreadable: (error) => console.error(error) })
    for (const { key, plan_id, status, operation } of page.records) {
      yield [key.instance_id, key.binding_id ?? '', plan_id, status, operation.state].join('\t')
    }
    after = page.next
  } while (after !== undefined)
}
