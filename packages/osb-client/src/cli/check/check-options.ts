import type { OptionSpecs } from '../option-specs.js'

/** The options of `osb check`. */
export const checkOptions = {
  yes: { type: 'boolean', short: 'y', help: 'create instances without asking' },
  safe: { type: 'boolean', help: 'read only: nothing is created, changed or deleted' },
  plan: { type: 'string', multiple: true, value: 'PLAN', help: 'a plan to test, by name or id; may be repeated' },
  'all-plans': { type: 'boolean', help: 'test all plans (default: one of each offering, free ones first)' },
  only: { type: 'string', multiple: true, value: 'ID', help: 'checks such as PROV-13, PROV or probe; may be repeated' },
  level: { type: 'string', multiple: true, value: 'MUST|SHOULD|note', help: 'checks of this level; may be repeated' },
  section: {
    type: 'string',
    multiple: true,
    value: 'TEXT',
    help: 'checks of what stands under such a heading; may be repeated',
  },
  'no-probes': { type: 'boolean', help: 'stay with the rules of the specification' },
  platform: {
    type: 'string',
    multiple: true,
    value: 'cf|kubernetes',
    help: 'judge as this platform would; may be repeated (default: cf)',
  },
  parameters: {
    type: 'string',
    value: 'FILE',
    help: 'JSON, { PLAN: { provision, update, bind } }: what the schemas cannot say',
  },
  'api-version': { type: 'string', value: '2.n', help: 'version of the API to speak (default: 2.17)' },
  'max-instances': { type: 'string', value: 'COUNT', help: 'end with an error rather than create more in all' },
  'max-parallel': { type: 'string', value: 'COUNT', help: 'plans to work on at the same time (default: 4)' },
  'time-budget': { type: 'string', value: 'SECONDS', help: 'begin nothing new after this time' },
  seed: { type: 'string', value: 'NUMBER', help: 'of what is chosen at random; a report names its own' },
  'fail-on': { type: 'string', multiple: true, value: 'should|probe', help: 'exit code 1 for these findings, too' },
  'leftovers-command': {
    type: 'string',
    value: 'COMMAND',
    help: 'run at the end; what it prints is what the broker left in its back end',
  },
  'restart-command': {
    type: 'string',
    value: 'COMMAND',
    help: 'run in the midst of work; it restarts the broker, to probe what outlives that',
  },
  all: { type: 'boolean', help: 'list what passed and what did not apply, too' },
  junit: { type: 'string', value: 'FILE', help: 'write JUnit XML' },
  html: { type: 'string', value: 'FILE', help: 'write a page to read and pass on' },
  markdown: { type: 'string', value: 'FILE', help: 'append Markdown, such as to $GITHUB_STEP_SUMMARY' },
  annotations: { type: 'boolean', help: 'print annotations for GitHub Actions' },
} as const satisfies OptionSpecs
