import type { Scene } from '../scene.js'
import type { SceneContext } from '../scene-context.js'
import type { Sent } from '../sent.js'
import { type Entry, entriesIn, expectNone, isObject, offeringsIn, textsIn } from './catalog-entries.js'

/** Semantic Versioning 2.0. */
const number = String.raw`(?:0|[1-9]\d*)`
const semver = new RegExp(
  String.raw`^${number}\.${number}\.${number}(?:-(?:${number}|\d*[A-Za-z-][\dA-Za-z-]*)(?:\.(?:${number}|\d*[A-Za-z-][\dA-Za-z-]*))*)?(?:\+[\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*)?$`,
)
const largestSchemaBytes = 65_536

const listedNames = {
  offering: ['displayName', 'imageUrl', 'longDescription', 'providerDisplayName', 'documentationUrl', 'supportUrl'],
  plan: ['bullets', 'costs', 'displayName'],
}

/** Schemas, maintenance information and metadata of the catalog (SCH, MNT, SMD). */
export const catalogPlans: Scene = {
  name: 'catalog-plans',
  title: 'schemas, maintenance information and metadata of the catalog',
  kind: 'broker',
  instances: 0,
  checks: ['SCH-03', 'SCH-04', 'SCH-05', 'MNT-01', 'MNT-03', 'SMD-01', 'SMD-03'],
  async play(context) {
    const sent = await context.call('catalog')
    const offerings = offeringsIn(sent)
    const plans = offerings.flatMap((offering) => offering.plans)
    judgeSchemas(context, plans.flatMap(schemasOf), sent)
    judgeMaintenance(context, plans, sent)
    judgeMetadata(context, offerings, plans, sent)
  },
}

function schemasOf({ where, value }: Entry): readonly Entry[] {
  const places = [
    ['service_instance', 'create'],
    ['service_instance', 'update'],
    ['service_binding', 'create'],
  ]
  return places.flatMap((path) => {
    const found = [...path, 'parameters'].reduce<unknown>(
      (inner, name) => (isObject(inner) ? inner[name] : undefined),
      value['schemas'],
    )
    return isObject(found) ? [{ where: `${where}/schemas/${path.join('/')}/parameters`, value: found }] : []
  })
}

function judgeSchemas(context: SceneContext, schemas: readonly Entry[], sent: Sent): void {
  if (schemas.length === 0) {
    for (const check of ['SCH-03', 'SCH-04', 'SCH-05']) context.skip(check, 'no plan has a schema')
    return
  }
  const wrong = (isWrong: (schema: Entry) => boolean) => schemas.filter(isWrong).map(({ where }) => where)
  const nameless = wrong(({ value }) => typeof value['$schema'] !== 'string' || value['$schema'] === '')
  expectNone(context, 'SCH-03', '$schema in each schema', nameless, sent)
  const refersOut = wrong(({ value, where }) =>
    textsIn(value, where).some(({ where: place, text }) => place.endsWith('/$ref') && !text.startsWith('#')),
  )
  expectNone(context, 'SCH-04', 'no $ref that leaves its schema', refersOut, sent)
  const large = schemas.flatMap(({ where, value }) => {
    const bytes = Buffer.byteLength(JSON.stringify(value))
    return bytes > largestSchemaBytes ? [`${where}: ${bytes} bytes`] : []
  })
  expectNone(context, 'SCH-05', 'schemas of at most 64 kB', large, sent)
}

function judgeMaintenance(context: SceneContext, plans: readonly Entry[], sent: Sent): void {
  const infos = plans.flatMap(({ where, value }) => {
    const info = value['maintenance_info']
    return isObject(info) ? [{ where: `${where}/maintenance_info`, value: info }] : []
  })
  const versions = infos.flatMap(({ where, value: { version } }) =>
    typeof version === 'string' ? [{ where, version }] : [],
  )
  if (versions.length === 0) context.skip('MNT-01', 'no plan has a maintenance version')
  else {
    const wrong = versions.filter(({ version }) => !semver.test(version))
    const told = wrong.map(({ where, version }) => `${where}/version: ${version}`)
    expectNone(context, 'MNT-01', 'versions such as 1.2.3 (Semantic Versioning 2.0)', told, sent)
  }
  const described = infos.filter(({ value }) => value['description'] !== undefined)
  if (described.length === 0) return context.skip('MNT-03', 'no plan describes its maintenance')
  const mute = described.filter(({ value: { description } }) => typeof description !== 'string' || !description.trim())
  const told = mute.map(({ where }) => `${where}/description`)
  expectNone(context, 'MNT-03', 'descriptions that tell what the update does', told, sent)
}

function judgeMetadata(context: SceneContext, offerings: readonly Entry[], plans: readonly Entry[], sent: Sent): void {
  const metadataOf = (entries: readonly Entry[]) =>
    entries.flatMap(({ where, value }) =>
      isObject(value['metadata']) ? [{ where: `${where}/metadata`, value: value['metadata'] }] : [],
    )
  const ofOfferings = metadataOf(offerings)
  const ofPlans = metadataOf(plans)
  if (ofOfferings.length + ofPlans.length === 0) context.skip('SMD-01', 'the catalog has no metadata')
  else {
    const wrong = [...misspelt(ofOfferings, listedNames.offering), ...misspelt(ofPlans, listedNames.plan)]
    expectNone(context, 'SMD-01', 'the names of the specification where they fit', wrong, sent)
  }
  const costs = ofPlans.flatMap(({ where, value }) => entriesIn(`${where}/costs`, value['costs']))
  if (costs.length === 0) return context.skip('SMD-03', 'no plan tells what it costs')
  const wrong = costs.filter(({ value: { amount, unit } }) => !isAmount(amount) || typeof unit !== 'string')
  const told = wrong.map(({ where, value }) => `${where}: ${JSON.stringify(value).slice(0, 80)}`)
  expectNone(context, 'SMD-03', 'an amount (numbers by currency) and a unit in each cost', told, sent)
}

const isAmount = (amount: unknown): boolean =>
  isObject(amount) && Object.values(amount).every((value) => typeof value === 'number')

/** Names that differ from a listed one only by case and separators: `display_name`. */
function misspelt(entries: readonly Entry[], listed: readonly string[]): readonly string[] {
  const plain = (name: string) => name.toLowerCase().replaceAll(/[^a-z]/g, '')
  return entries.flatMap(({ where, value }) =>
    Object.keys(value).flatMap((name) => {
      const meant = listed.find((known) => plain(known) === plain(name))
      return meant !== undefined && meant !== name ? [`${where}/${name}: ${meant} is meant`] : []
    }),
  )
}
