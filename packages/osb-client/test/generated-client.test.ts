import { fileURLToPath } from 'node:url'
import type { Catalog } from 'osb-protocol'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { catalogClient, createBrokerClient, generateCatalogClient } from '../src/index.js'
import { brokerUrl, scriptedFetch } from './support/scripted-fetch.js'

const parameters = {
  $schema: 'http://json-schema.org/draft-04/schema#',
  type: 'object',
  properties: { charset: { enum: ['utf8mb4', 'latin1'] }, storage_gb: { type: 'integer' } },
  required: ['charset'],
  additionalProperties: false,
}
const catalog: Catalog = {
  services: [
    {
      id: 'offering-2',
      name: 'p-mysql',
      description: 'Ends the comment */ export const broken =\nhere',
      bindable: true,
      plans: [
        {
          id: 'plan-3',
          name: 'small',
          description: 'small',
          schemas: { service_instance: { create: { parameters } } },
        },
        { id: 'plan-4', name: 'closed', description: 'no bindings', bindable: false },
      ],
    },
    {
      id: "offering-'1",
      name: 'cache',
      description: '',
      bindable: false,
      plans: [{ id: 'plan-"1', name: '__proto__', description: '`${1}`' }],
    },
  ],
}
const generated = generateCatalogClient(catalog)

/** What TypeScript has to say of the generated code with something behind it, under the rules of this project. */
function diagnosticsOf(behind: string): string[] {
  const file = fileURLToPath(new URL('generated.ts', import.meta.url))
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts', 'lib.es2024.string.d.ts'],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    customConditions: ['@osb/source'],
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    verbatimModuleSyntax: true,
    skipLibCheck: true,
    noEmit: true,
  }
  const host = ts.createCompilerHost(options)
  const { fileExists, getSourceFile, readFile } = host
  const text = `${generated}\n${behind}`
  host.fileExists = (path) => path === file || fileExists(path)
  host.readFile = (path) => (path === file ? text : readFile(path))
  host.getSourceFile = (path, version) =>
    path === file ? ts.createSourceFile(path, text, version) : getSourceFile(path, version)
  const program = ts.createProgram([file], options, host)
  return ts
    .getPreEmitDiagnostics(program, program.getSourceFile(file))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
}

describe('generateCatalogClient', () => {
  it('gives the same bytes, whatever the order of the catalog', () => {
    const turned: Catalog = {
      services: catalog.services.toReversed().map((offering) => ({
        ...offering,
        plans: offering.plans
          .toReversed()
          .map((plan) => Object.fromEntries(Object.entries(plan).toReversed()) as typeof plan),
      })),
    }
    expect(generateCatalogClient(turned)).toBe(generated)
    expect(generateCatalogClient(structuredClone(catalog))).toBe(generated)
  })

  it('gives types that say what a plan takes, and nothing else', () => {
    const used = `
      declare const client: BrokerClient
      const broker = createCatalogClient(client)
      const small = broker['p-mysql'].small
      void small.provisionAndWait({ instance_id: 'i', parameters: { charset: 'latin1', storage_gb: 1 } })
      void small.bindAndWait({ instance_id: 'i', binding_id: 'b' }).then(({ credentials }) => credentials?.['uri'])
      void small.update({ instance_id: 'i', parameters: { anything: true } })
      void broker.cache['__proto__'].deprovisionAndWait({ instance_id: 'i' })
      const id: 'plan-3' = catalogIds['p-mysql'].plans.small.plan_id
      // @ts-expect-error: charset is required
      void small.provision({ instance_id: 'i' })
      // @ts-expect-error: not one of the values
      void small.provision({ instance_id: 'i', parameters: { charset: 'ascii' } })
      // @ts-expect-error: no such parameter
      void small.provision({ instance_id: 'i', parameters: { charset: 'latin1', colour: 1 } })
      // @ts-expect-error: BIND-02: the plan is not bindable
      void broker['p-mysql'].closed.bind
      // @ts-expect-error: no such plan
      void broker['p-mysql'].large
      void id`
    // One fault of our own says that the compiler is awake.
    const fault = 'const wrong: number = "text"; void wrong'
    expect(diagnosticsOf(`${used}\n${fault}`)).toEqual(["Type 'string' is not assignable to type 'number'."])
  }, 120_000)

  it('CAT-13: takes names that differ in case for two, and refuses the same name twice', () => {
    const plan = { id: 'p', name: 'a', description: 'd' }
    const offering = (name: string) => ({ id: name, name, description: 'd', bindable: true, plans: [plan] })
    expect(generateCatalogClient({ services: [offering('A'), offering('a')] })).toContain('readonly A: {')
    expect(() => generateCatalogClient({ services: [offering('a'), offering('a')] })).toThrow(
      'two offerings have the name a',
    )
    const doubled = { ...offering('a'), plans: [plan, plan] }
    expect(() => generateCatalogClient({ services: [doubled] })).toThrow('two plans of a have the name a')
  })
})

describe('catalogClient', () => {
  const ids = {
    mysql: {
      service_id: 's',
      plans: { small: { plan_id: 'p', bindable: true }, closed: { plan_id: 'q', bindable: false } },
    },
  }
  interface Names {
    readonly mysql: Readonly<Record<'small' | 'closed', { provision: object; update: object; bind: object }>>
  }

  it('PROV-06, PROV-07, BIND-13, BIND-14: puts the ids of the names into the calls', async () => {
    const answers = Array(10).fill({ status: 200 }) as { status: number }[]
    const { fetch, seen } = scriptedFetch(...answers)
    const client = createBrokerClient({ url: brokerUrl, auth: 'none', fetch })
    const { small } = catalogClient<Names>(client, ids).mysql
    const binding = { instance_id: 'i', binding_id: 'b' }
    for (const call of ['provision', 'provisionAndWait', 'update', 'updateAndWait', 'bind', 'bindAndWait'] as const) {
      await small[call](binding)
      expect(JSON.parse(seen.at(-1)?.body ?? ''), call).toMatchObject({ service_id: 's', plan_id: 'p' })
    }
    for (const call of ['deprovision', 'deprovisionAndWait', 'unbind', 'unbindAndWait'] as const) {
      await small[call](binding)
      expect(seen.at(-1)?.path, call).toContain('service_id=s&plan_id=p')
    }
  })

  it('BIND-02: has no binds for a plan that is not bindable', () => {
    const client = createBrokerClient({ url: brokerUrl, auth: 'none', fetch: scriptedFetch().fetch })
    const { closed } = catalogClient<Names>(client, ids).mysql
    expect(Object.keys(closed)).toContain('provision')
    expect(Object.keys(closed)).not.toContain('bind')
  })
})
