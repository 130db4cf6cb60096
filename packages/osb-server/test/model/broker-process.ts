import { type Broker, type BrokerStore, createBroker, noAuth } from 'osb-server'
import { type AuthorCall, offeringsOf } from './author.js'
import { beatsOf, fire, forget, inProcess, pausesUnderWay, times } from './controlled-time.js'

export interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

export interface SentRequest {
  readonly method: string
  readonly target: string
  readonly version: string
  readonly body: object | undefined
}

/** What all processes of a sequence share. */
export interface World {
  readonly store: BrokerStore
  /** Counts whatever happens, so that one can see when nothing does any more. */
  happened: number
  storeCalls: number
  /** How many turns of the event loop the next calls of the store wait, one after the other. */
  delays: number[]
  readonly calls: AuthorCall[]
  readonly faults: unknown[]
}

/** A broker in a process of its own, as far as anybody can see: it can be killed. */
export interface BrokerProcess {
  readonly dead: boolean
  send(request: number, sent: SentRequest, leaving: AbortSignal): Promise<Answer>
  /** Looks for operations to take over. */
  claim(): void
  /** Renews its leases. */
  renew(): void
  /** Ends as SIGKILL does: at once, or at the next write, before or after it. */
  kill(): void
  killInWrite(when: 'before' | 'after' | undefined): void
  /** Shuts down in order. */
  close(): Promise<void>
  /** Lets the leases that it holds lapse. */
  lapse(): Promise<void>
}

const never = new Promise<never>(() => undefined)

export async function startProcess(world: World, number: number): Promise<BrokerProcess> {
  const self = {}
  let dead = false
  let mayClaim = false
  let diesInWrite: 'before' | 'after' | undefined
  let owner: string | undefined

  function kill(): void {
    dead = true
    forget(self)
  }

  const { store } = world
  /** A dead process never hears of what it asked the store for. */
  async function use<Result>(isWrite: boolean, call: () => Promise<Result>): Promise<Result> {
    if (dead) return never
    world.happened++
    world.storeCalls++
    let result: Result | undefined
    try {
      for (let turns = world.delays.shift() ?? 0; turns > 0; turns--) await nextTurn()
      if (isWrite && diesInWrite === 'before') kill()
      result = dead ? undefined : await call()
      if (isWrite && diesInWrite === 'after' && result !== undefined) kill()
    } finally {
      world.happened++
      world.storeCalls--
    }
    return dead ? never : (result as Result)
  }

  const own: BrokerStore = {
    ...store,
    read: (key) => use(false, async () => store.read(key)),
    write(write) {
      if (typeof write.lease === 'object') owner = write.lease.owner
      return use(true, async () => store.write(write))
    },
    renewLease: (...values) => use(false, () => store.renewLease(...values)),
    releaseLease: (...values) => use(false, () => store.releaseLease(...values)),
    claimLapsed(...values) {
      owner = values[0]
      return mayClaim ? use(false, () => store.claimLapsed(...values)) : Promise.resolve([])
    },
  }
  const broker: Broker = inProcess({ process: self }, () =>
    createBroker({
      offerings: offeringsOf(number, (call) => {
        if (dead) return
        world.happened++
        world.calls.push(call)
      }),
      auth: noAuth(),
      tenants: { t: { auth: noAuth() } },
      store: own,
      ...times,
      onError: (error) => world.faults.push(error),
    }),
  )

  // The first request of each tenant loads its catalog, which takes as long as it takes.
  for (const target of ['/v2/catalog', '/t/v2/catalog'])
    await inProcess({ process: self }, () =>
      broker.handle(wireRequest({ method: 'GET', target, version: '2.17', body: undefined })),
    )

  return {
    get dead() {
      return dead
    },
    async send(request, sent, leaving) {
      const answer = await inProcess({ process: self, request }, () => broker.handle(wireRequest(sent, leaving)))
      world.happened++
      // Bytes are the catalog, which no sequence asks for.
      const text = typeof answer.body === 'string' ? answer.body : '{}'
      return { status: answer.status, body: JSON.parse(text) as Answer['body'] }
    },
    claim() {
      mayClaim = true
      beatsOf(self)[0]?.()
      mayClaim = false
    },
    renew() {
      for (const beat of beatsOf(self).slice(1)) beat()
    },
    kill,
    killInWrite(when) {
      diesInWrite = when
    },
    async close() {
      const closed = inProcess({ process: self }, () => broker.close())
      const mine = ({ process }: { process: object }) => process === self
      await settled(world)
      fire('drain', mine)
      await settled(world)
      fire('grace', mine)
      fire('look', mine)
      await settled(world)
      await closed
      await settled(world)
      kill()
    },
    async lapse() {
      const { records } = await store.list({ inProgress: true, limit: 1_000 })
      for (const { key, lease } of records)
        if (lease && lease.owner === owner) await store.renewLease(key, lease.token, 0)
    },
  }
}

function wireRequest({ method, target, version, body }: SentRequest, signal = new AbortController().signal) {
  const headers: Readonly<Record<string, string>> = {
    'x-broker-api-version': version,
    'content-type': 'application/json',
  }
  return { method, target, header: (name: string) => headers[name], readBody: async () => ({ parsed: body }), signal }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

const calmTurns = 4

/** Resolves when nothing goes on any more that does not wait for the sequence. */
export async function settled(world: World): Promise<void> {
  let before = -1
  for (let calm = 0; calm < calmTurns;) {
    await nextTurn()
    const busy = world.storeCalls > 0 || pausesUnderWay() > 0 || world.happened !== before
    before = world.happened
    calm = busy ? 0 : calm + 1
  }
}
