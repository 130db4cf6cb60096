import pg from 'pg'

/** A statement as the store sent it once, with what came back. */
interface Recorded {
  readonly text: string
  readonly values: readonly unknown[]
  readonly rows: readonly Readonly<Record<string, unknown>>[]
}

/** A pool that writes down what it sends while `record` runs. */
export class RecordingPool extends pg.Pool {
  #recorded: Recorded[] | undefined

  constructor(connectionString: string) {
    super({ connectionString })
    this.on('connect', (client) => {
      const query = client.query.bind(client) as (text: string, values?: unknown[]) => Promise<pg.QueryResult>
      client.query = (async (text: string, values: unknown[] = []) => {
        const result = await query(text, values)
        this.#recorded?.push({ text, values, rows: result.rows as Recorded['rows'] })
        return result
      }) as never
    })
  }

  async record(work: () => Promise<void>): Promise<readonly Recorded[]> {
    this.#recorded = []
    await work()
    const recorded = this.#recorded
    this.#recorded = undefined
    return recorded
  }
}

/**
 * Sends the statements of one life again, for another instance: the ids are others, and versions are those that the
 * database gives this time. Nothing is encrypted, parsed or decided.
 * @throws when a statement gives another number of rows than it did
 */
export async function replay(
  pool: pg.Pool,
  statements: readonly Recorded[],
  ids: ReadonlyMap<unknown, string>,
): Promise<void> {
  const versions = new Map<unknown, unknown>()
  for (const { text, values, rows } of statements) {
    const given = values.map((value) => ids.get(value) ?? versions.get(String(value)) ?? value)
    const result = await pool.query<Record<string, unknown>>(text, given)
    if (result.rows.length !== rows.length)
      throw new Error(`${text.slice(0, 60)} … gave ${result.rows.length} rows, not ${rows.length}`)
    // A read gives an instance and its binding in any order, which changes with the database's plan.
    const found = new Map(result.rows.map((row) => [bindingOf(row), row['version']]))
    for (const row of rows) versions.set(String(row['version']), found.get(ids.get(bindingOf(row)) ?? bindingOf(row)))
  }
}

/** Undefined where the statement gives one row and does not name it. */
const bindingOf = (row: Readonly<Record<string, unknown>>) => row['binding_id']
