import { onBody, onStatus, together } from '../brokers/fault.js'
import { type Mutant, mutant } from './mutant.js'
import {
  answersCatalog,
  changingIds,
  dropOffering,
  dropPlan,
  inOffering,
  inPlan,
  offeringsOf,
  plansOf,
  setOffering,
  setPlan,
  withOtherId,
} from './catalog-faults.js'

const catalogAsAWhole: readonly Mutant[] = [
  mutant('catalog-201', 'CAT-11', 'The catalog is answered 201.', () => onStatus(['catalog'], { 200: 201 })),
  mutant('catalog-500', 'CAT-11', 'The catalog is answered 500.', () => onStatus(['catalog'], { 200: 500 })),
  mutant(
    'catalog-no-json',
    'CAT-11',
    'The catalog is no JSON.',
    answersCatalog((answer) => ({ ...answer, text: '<html></html>' })),
  ),
  mutant('catalog-array', 'CAT-11 CAT-15', 'The catalog is an array of offerings.', () =>
    onBody(['catalog'], offeringsOf),
  ),
  mutant('catalog-without-services', 'CAT-15', 'The catalog has no `services`.', () =>
    onBody(['catalog'], ({ services: _services, ...body }) => body),
  ),
  mutant('catalog-services-object', 'CAT-15', '`services` is an object by name.', () =>
    onBody(['catalog'], (body) => ({
      services: Object.fromEntries(offeringsOf(body).map((offering) => [offering['name'], offering])),
    })),
  ),
  mutant('catalog-ids-of-offerings-change', 'CAT-05', 'An offering has another id in each answer.', () =>
    changingIds('offering'),
  ),
  mutant('catalog-ids-of-plans-change', 'CAT-05', 'A plan has another id in each answer.', () => changingIds('plan')),
]

const names: readonly Mutant[] = [
  mutant('offering-without-name', 'CAT-17', 'An offering has no name.', dropOffering('name')),
  mutant('offering-empty-name', 'CAT-17', 'The name of an offering is empty.', setOffering('name', '')),
  mutant('offering-name-twice', 'CAT-18', 'Two offerings have the same name.', () =>
    inOffering((offering, [other]) => {
      if (other) offering['name'] = other['name']
    }),
  ),
  mutant(
    'offering-name-with-spaces',
    'CAT-19',
    'The name of an offering has spaces and brackets.',
    setOffering('name', 'my (great) service'),
  ),
  mutant('offering-name-dash', 'CAT-14', 'An offering is called `-`.', setOffering('name', '-')),
  mutant('plan-name-dash', 'CAT-14', 'A plan is called `-`.', setPlan('name', '-')),
  mutant('plan-without-name', 'CAT-32', 'A plan has no name.', dropPlan('name')),
  mutant('plan-empty-name', 'CAT-32', 'The name of a plan is empty.', setPlan('name', '')),
  mutant('plan-name-twice', 'CAT-33', 'Two plans of an offering have the same name.', () =>
    inPlan((plan, [other]) => {
      if (other) plan['name'] = other['name']
    }),
  ),
  mutant('plan-name-with-spaces', 'CAT-34', 'The name of a plan has spaces.', setPlan('name', 'very small')),
  mutant(
    'offering-name-of-300',
    'CAT-09',
    'The name of an offering has 300 characters.',
    setOffering('name', 'n'.repeat(300)),
  ),
  mutant(
    'plan-description-of-256',
    'CAT-09',
    'The description of a plan has 256 characters.',
    setPlan('description', 'd'.repeat(256)),
  ),
]

const ids: readonly Mutant[] = [
  mutant('offering-without-id', 'CAT-20', 'An offering has no id.', dropOffering('id')),
  mutant('offering-empty-id', 'CAT-20', 'The id of an offering is empty.', setOffering('id', '')),
  mutant('offering-number-id', 'CAT-20', 'The id of an offering is a number.', setOffering('id', 17)),
  mutant('offering-id-twice', 'CAT-21', 'Two offerings have the same id.', () =>
    inOffering((offering, [other]) => {
      if (other) offering['id'] = other['id']
    }),
  ),
  mutant('offering-id-no-guid', 'CAT-22', 'The id of an offering is no GUID.', () =>
    withOtherId('offering', () => 'reference-sql-id'),
  ),
  mutant('offering-id-with-slash', 'URL-02 CAT-22', 'The id of an offering has a slash and a space.', () =>
    withOtherId('offering', () => 'db / one'),
  ),
  mutant('plan-without-id', 'CAT-29', 'A plan has no id.', dropPlan('id')),
  mutant('plan-empty-id', 'CAT-29', 'The id of a plan is empty.', setPlan('id', '')),
  mutant('plan-id-twice', 'CAT-30', 'Two plans have the same id.', () =>
    inPlan((plan, [other]) => {
      if (other) plan['id'] = other['id']
    }),
  ),
  mutant('plan-id-of-other-offering', 'CAT-30', 'Plans of two offerings have the same id.', () =>
    inOffering((offering, [other]) => {
      const [mine, theirs] = [plansOf(offering)[0], other && plansOf(other)[0]]
      if (mine && theirs) mine['id'] = theirs['id']
    }),
  ),
  mutant('plan-id-no-guid', 'CAT-31', 'The id of a plan is no GUID.', () =>
    withOtherId('plan', () => 'the-small-plan'),
  ),
]

const fields: readonly Mutant[] = [
  mutant('offering-without-description', 'CAT-23', 'An offering has no description.', dropOffering('description')),
  mutant(
    'offering-empty-description',
    'CAT-23',
    'The description of an offering is empty.',
    setOffering('description', ''),
  ),
  mutant('plan-without-description', 'CAT-35', 'A plan has no description.', dropPlan('description')),
  mutant('plan-empty-description', 'CAT-35', 'The description of a plan is empty.', setPlan('description', '')),
  mutant(
    'offering-unknown-requires',
    'CAT-24',
    '`requires` has a word that is not known.',
    setOffering('requires', ['volume_mounts']),
  ),
  mutant(
    'offering-without-bindable',
    'CAT-25',
    'An offering does not say whether it is bindable.',
    dropOffering('bindable'),
  ),
  mutant('offering-bindable-text', 'CAT-25', '`bindable` is the text "true".', setOffering('bindable', 'true')),
  mutant('offering-plan-updatable', 'CAT-27', 'The flag is spelt `plan_updatable`.', () =>
    inOffering((offering) => {
      offering['plan_updatable'] = offering['plan_updateable']
      delete offering['plan_updateable']
    }),
  ),
  mutant('offering-tags-text', 'CAT-11', 'The tags are one text.', setOffering('tags', 'reference, sql')),
  mutant('plan-free-text', 'CAT-11', '`free` is the text "false".', setPlan('free', 'false')),
  mutant('offering-bare-extension', 'EXT-02', 'A field of its own has no prefix.', setOffering('active', true)),
  mutant('plan-bare-extension', 'EXT-02', 'A field of its own in a plan has no prefix.', setPlan('cost', 17)),
  mutant('offering-without-plans', 'CAT-28', 'An offering has no `plans`.', dropOffering('plans')),
  mutant('offering-empty-plans', 'CAT-28', 'An offering has no plan.', setOffering('plans', [])),
  mutant(
    'maintenance-without-version',
    'CAT-41',
    '`maintenance_info` has a description only.',
    setPlan('maintenance_info', { description: 'Soon.' }),
  ),
  mutant(
    'maintenance-version-two-parts',
    'MNT-01',
    'The maintenance version is `2.1`.',
    setPlan('maintenance_info', { version: '2.1' }),
  ),
  mutant(
    'maintenance-version-v',
    'MNT-01',
    'The maintenance version is `v2.1.0`.',
    setPlan('maintenance_info', { version: 'v2.1.0' }),
  ),
  mutant(
    'maintenance-version-leading-zero',
    'MNT-01',
    'The maintenance version is `2.01.0`.',
    setPlan('maintenance_info', { version: '2.01.0' }),
  ),
  mutant(
    'maintenance-without-effect',
    'MNT-03',
    'The description of the maintenance is empty.',
    setPlan('maintenance_info', { version: '2.1.1+abcdef', description: '' }),
  ),
  mutant(
    'metadata-in-snake-case',
    'SMD-01',
    'The metadata of an offering has `display_name`.',
    setOffering('metadata', { display_name: 'Reference', image_url: 'https://image.test' }),
  ),
  mutant(
    'dashboard-client-without-id',
    'CEX-02',
    'The dashboard client has no id.',
    setOffering('dashboard_client', { secret: 's', redirect_uri: 'https://d.test' }),
  ),
  mutant(
    'dashboard-client-without-secret',
    'CEX-03',
    'The dashboard client has no secret.',
    setOffering('dashboard_client', { id: 'i', redirect_uri: 'https://d.test' }),
  ),
  mutant(
    'dashboard-client-empty-secret',
    'CEX-03',
    'The secret of the dashboard client is empty.',
    setOffering('dashboard_client', { id: 'i', secret: '' }),
  ),
  mutant(
    'cost-without-unit',
    'SMD-03',
    'A cost has no unit.',
    setPlan('metadata', { costs: [{ amount: { usd: 1 } }] }),
  ),
  mutant(
    'cost-amount-number',
    'SMD-03',
    'The amount of a cost is a number.',
    setPlan('metadata', { costs: [{ amount: 1, unit: 'MONTHLY' }] }),
  ),
]

const headers: readonly Mutant[] = [
  mutant('etag-304-for-any', 'CAT-11', 'A catalog request with any `If-None-Match` is answered 304.', () =>
    together((call, next) =>
      call.operation === 'catalog' && call.headers.has('if-none-match')
        ? Promise.resolve({ status: 304, headers: new Headers(), text: '' })
        : next(call),
    ),
  ),
]

/** Brokers with a wrong catalog (CAT, MNT-01, SMD, CEX). */
export const catalogMutants: readonly Mutant[] = [...catalogAsAWhole, ...names, ...ids, ...fields, ...headers]
