import { serviceOffering, servicePlan } from 'osb-protocol'
import type { Scene } from '../scene.js'
import type { SceneContext } from '../scene-context.js'
import { type Sent, statusText } from '../sent.js'
import { type Entry, expectNone, offeringsIn, repeated, textsIn } from './catalog-entries.js'

const guid = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i
const cliFriendly = /^[A-Za-z\d.-]+$/
const unreserved = /^[\w.~-]+$/
const longestText = 255

/** Ids, names and texts of the catalog, asked for twice (CAT). What is wrong in its shape, any answer shows. */
export const catalog: Scene = {
  name: 'catalog',
  title: 'ids and names of the catalog',
  kind: 'broker',
  instances: 0,
  checks: [
    'CAT-05',
    'CAT-09',
    'CAT-11',
    'CAT-14',
    'CAT-18',
    'CAT-19',
    'CAT-21',
    'CAT-22',
    'CAT-27',
    'CAT-30',
    'CAT-31',
    'CAT-33',
    'CAT-34',
    'EXT-02',
    'URL-02',
  ],
  async play(context) {
    const first = await context.call('catalog')
    context.expectStatus('CAT-11', first, 200)
    judgeNames(context, first)
    judgeIds(context, first)
    judgeTexts(context, first)
    judgeExtensions(context, first)
    const second = await context.call('catalog', {}, { label: 'the catalog once more' })
    judgeChange(context, first, second)
    const headers = { 'If-None-Match': '"osb-check-no-such-tag"' }
    const third = await context.call('catalog', {}, { label: 'the catalog with a foreign If-None-Match', headers })
    context.expectStatus('CAT-11', third, 200)
  },
}

/** `services/0/plans/1: small one`, for what is wrong with a member. */
function tell(entries: readonly Entry[], member: string, isWrong: (text: string) => boolean): readonly string[] {
  return entries.flatMap(({ where, value }) => {
    const text = value[member]
    return typeof text === 'string' && text !== '' && isWrong(text) ? [`${where}/${member}: ${text.slice(0, 80)}`] : []
  })
}

function judgeNames(context: SceneContext, sent: Sent): void {
  const offerings = offeringsIn(sent)
  const plans = offerings.flatMap((offering) => offering.plans)
  if (offerings.length === 0) return
  const named = (entries: readonly Entry[]) => repeated(entries.map(({ value }) => value['name']))
  const isUnfriendly = (text: string) => !cliFriendly.test(text)
  expectNone(context, 'CAT-18', 'each offering with a name of its own', named(offerings), sent)
  const twice = offerings.flatMap(({ where, plans: own }) => named(own).map((name) => `${where}: ${name}`))
  expectNone(context, 'CAT-33', 'each plan of an offering with a name of its own', twice, sent)
  const letters = 'names of letters, digits, "." and "-"'
  expectNone(context, 'CAT-19', letters, tell(offerings, 'name', isUnfriendly), sent)
  expectNone(context, 'CAT-34', letters, tell(plans, 'name', isUnfriendly), sent)
  const isMute = (text: string) => text.startsWith('-') || !/[\p{L}\p{N}]/u.test(text)
  const mute = tell([...offerings, ...plans], 'name', isMute)
  expectNone(context, 'CAT-14', 'names that say something and that no command line takes for an option', mute, sent)
}

function judgeIds(context: SceneContext, sent: Sent): void {
  const offerings = offeringsIn(sent)
  const plans = offerings.flatMap((offering) => offering.plans)
  if (offerings.length === 0) return
  const ids = (entries: readonly Entry[]) => repeated(entries.map(({ value }) => value['id']))
  expectNone(context, 'CAT-21', 'each offering with an id of its own', ids(offerings), sent)
  expectNone(context, 'CAT-30', 'each plan with an id of its own, over all offerings', ids(plans), sent)
  const isNoGuid = (text: string) => !guid.test(text)
  expectNone(context, 'CAT-22', 'GUIDs as ids of offerings', tell(offerings, 'id', isNoGuid), sent)
  expectNone(context, 'CAT-31', 'GUIDs as ids of plans', tell(plans, 'id', isNoGuid), sent)
  const reserved = tell([...offerings, ...plans], 'id', (text) => !unreserved.test(text))
  expectNone(context, 'URL-02', 'ids of letters, digits, "-", ".", "_" and "~"', reserved, sent)
}

function judgeTexts(context: SceneContext, sent: Sent): void {
  const offerings = offeringsIn(sent)
  if (offerings.length === 0) return
  const entries = [...offerings, ...offerings.flatMap((offering) => offering.plans)]
  const own = entries.flatMap(({ where, value }) =>
    // Schemas have a bound of their own (SCH-05), and metadata are free.
    ['name', 'id', 'description', 'tags', 'requires'].flatMap((name) => textsIn(value[name], `${where}/${name}`)),
  )
  const long = own.filter(({ text }) => [...text].length > longestText)
  const told = long.map(({ where, text }) => `${where}: ${[...text].length} characters`)
  expectNone(context, 'CAT-09', `texts of at most ${longestText} characters`, told, sent)
  const misspelt = entries.flatMap(({ where, value }) =>
    ['plan_updatable', 'plan_updateble', 'planUpdateable'].flatMap((name) =>
      name in value ? [`${where}/${name}`] : [],
    ),
  )
  expectNone(context, 'CAT-27', 'the flag spelt plan_updateable', misspelt, sent)
}

/** Members of the broker's own; a single word in small letters has no prefix, whatever is meant by one. */
function judgeExtensions(context: SceneContext, sent: Sent): void {
  const offerings = offeringsIn(sent)
  const own = [
    ...offerings.flatMap((entry) => unknownIn(entry, serviceOffering.shape)),
    ...offerings.flatMap(({ plans }) => plans.flatMap((entry) => unknownIn(entry, servicePlan.shape))),
  ]
  if (own.length === 0) return context.skip('EXT-02', 'the catalog has no extension fields')
  const bare = own.filter(({ name }) => /^[a-z\d]+$/.test(name)).map(({ where, name }) => `${where}/${name}`)
  expectNone(context, 'EXT-02', 'extension fields with a prefix, such as acme.example/level', bare, sent)
}

function unknownIn({ where, value }: Entry, known: object): readonly { where: string; name: string }[] {
  return Object.keys(value).flatMap((name) => (Object.hasOwn(known, name) ? [] : [{ where, name }]))
}

function judgeChange({ expect }: SceneContext, first: Sent, second: Sent): void {
  if (second.status !== 200) return expect('CAT-05', false, 'the catalog again', statusText(second), first, second)
  const after = idsByName(second)
  const changed = [...idsByName(first)].filter(([name, id]) => after.has(name) && after.get(name) !== id)
  const found = changed.map(([name, id]) => `${name}: first ${id}, then ${after.get(name) ?? 'none'}`).join('; ')
  expect('CAT-05', changed.length === 0, 'the same ids as before', found || 'the same ids', first, second)
}

/** The ids of offerings and plans, under their names. */
function idsByName(sent: Sent): ReadonlyMap<string, string> {
  const pairs = offeringsIn(sent).flatMap(({ value, plans }) => {
    const name = String(value['name'])
    return [
      [name, String(value['id'])] as const,
      ...plans.map((plan) => [`${name} / ${String(plan.value['name'])}`, String(plan.value['id'])] as const),
    ]
  })
  return new Map(pairs)
}
