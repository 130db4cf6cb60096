import { describe, expect, it } from 'vitest'
import { conflictingParameters, invalidParameters, validParameters, variedParameters } from './parameters.js'

const schema = {
  type: 'object',
  required: ['name'],
  properties: {
    name: { type: 'string', minLength: 3 },
    size: { type: 'integer', minimum: 1, maximum: 10, default: 1 },
    tier: { enum: ['shared', 'own'] },
  },
}

describe('parameters for a change that shows', () => {
  it('PROV-12: have another value than the default, which a broker fills in', () => {
    expect(variedParameters(schema, {})).toEqual({ size: 2 })
    expect(variedParameters(schema, { size: 2 })).toEqual({ size: 1 })
  })

  it('take no value that the schema leaves open', () => {
    const open = { properties: { name: { type: 'string' }, size: { type: 'integer', minimum: 1 } } }
    expect(variedParameters(open, {})).toBeUndefined()
    expect(variedParameters(undefined, {})).toBeUndefined()
  })
})

describe('parameters that ask for something else', () => {
  it('PROV-19: differ in one that both name', () => {
    expect(conflictingParameters(schema, { name: 'abc', tier: 'shared' })).toEqual({ name: 'abc', tier: 'own' })
  })

  it('PROV-19: are none where what is left out may mean any value', () => {
    expect(conflictingParameters(schema, {})).toBeUndefined()
    expect(conflictingParameters(schema, { name: 'abc' })).toBeUndefined()
    expect(conflictingParameters(undefined, { size: 1 })).toBeUndefined()
  })
})

describe('parameters from a schema', () => {
  it('are what it requires, and nothing more', () => {
    expect(validParameters(schema)).toEqual({ name: 'aaa' })
    expect(validParameters({ properties: { size: { type: 'integer' } } })).toBeUndefined()
  })

  it('are wrong in one member, if they are to be refused', () => {
    expect(invalidParameters(schema)).toEqual({ name: { 'osb-check': 'wrong type' } })
    expect(invalidParameters({ additionalProperties: false })).toEqual({ 'osb-check-unknown': true })
    expect(invalidParameters({})).toBeUndefined()
  })
})
