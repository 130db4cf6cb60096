import type { Catalog, ServiceOffering, ServicePlan } from 'osb-protocol'
import { planTraits } from '../../catalog/plan-traits.js'
import { catalogSourceDetails, readCheckedCatalog } from '../catalog-source.js'
import { formatTable, printable, type TableSpace } from '../table.js'
import { defineVerb } from '../verb.js'

export const verb = defineVerb({
  arguments: '[SOURCE]',
  options: { tree: { type: 'boolean', help: 'offerings with all that they say, plan by plan' } },
  details: catalogSourceDetails,
  example: 'osb catalog http://127.0.0.1:8080\nosb catalog collector --tree',
  async run(context) {
    const catalog = await readCheckedCatalog(context, context.args[0])
    return {
      json: catalog,
      text: context.values.tree === true ? formatTree(catalog) : formatPlans(catalog, context.stdout),
    }
  },
})

function formatPlans({ services }: Catalog, space: TableSpace): string {
  const rows = services.flatMap((offering) =>
    offering.plans.map((plan) => {
      const { free, bindable } = planTraits(offering, plan)
      return [offering.name, plan.name, free ? 'free' : 'paid', bindable ? 'yes' : 'no', plan.description]
    }),
  )
  if (rows.length === 0) return 'The catalog is empty\n'
  return formatTable(['offering', 'plan', 'cost', 'bindable', 'description'], rows, space)
}

function formatTree({ services }: Catalog): string {
  return services.map((offering) => `${[...offeringLines(offering), ...planLines(offering)].join('\n')}\n`).join('\n')
}

function offeringLines(offering: ServiceOffering): string[] {
  const { name, id, description, tags = [], requires = [] } = offering
  return [
    printable(`${name}  ${id}`),
    `│  ${printable(description)}`,
    ...(tags.length > 0 ? [`│  tags: ${printable(tags.join(', '))}`] : []),
    ...(requires.length > 0 ? [`│  requires: ${requires.join(', ')}`] : []),
  ]
}

function planLines(offering: ServiceOffering): string[] {
  const { plans } = offering
  return plans.flatMap((plan, at) => {
    const isLast = at === plans.length - 1
    const [head, ...rest] = planTexts(offering, plan)
    return [`${isLast ? '└─ ' : '├─ '}${head}`, ...rest.map((text) => `${isLast ? '   ' : '│  '}   ${text}`)]
  })
}

function planTexts(offering: ServiceOffering, plan: ServicePlan): string[] {
  const traits = planTraits(offering, plan)
  const words = [
    traits.free ? 'free' : 'paid',
    traits.bindable ? 'bindable' : 'not bindable',
    traits.planUpdateable ? 'plan can change' : 'plan cannot change',
    ...(traits.bindingRotatable ? ['bindings can be rotated'] : []),
    ...(plan.maintenance_info ? [`version ${plan.maintenance_info.version}`] : []),
  ]
  const { create, update } = plan.schemas?.service_instance ?? {}
  const parameters = [
    ...parameterLine('create', create?.parameters),
    ...parameterLine('update', update?.parameters),
    ...parameterLine('bind', plan.schemas?.service_binding?.create?.parameters),
  ]
  return [printable(`${plan.name}  ${plan.id}`), printable(plan.description), words.join(', '), ...parameters]
}

function parameterLine(call: string, schema: Readonly<Record<string, unknown>> | undefined): string[] {
  const properties = schema?.['properties']
  if (typeof properties !== 'object' || properties === null) return []
  const names = Object.keys(properties)
  return names.length === 0 ? [] : [printable(`parameters of ${call}: ${names.join(', ')}`)]
}
