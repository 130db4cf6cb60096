import type { OptionSpecs, ValuesOf } from './option-specs.js'

/** The options that every verb takes. */
export const commonOptions = {
  json: { type: 'boolean', help: 'print JSON' },
  'show-secrets': { type: 'boolean', help: 'print credentials and the like as they are, not as [hidden]' },
  curl: { type: 'boolean', help: 'print each request to the broker as a curl command, secrets masked' },
  timeout: {
    type: 'string',
    value: 'SECONDS',
    help: 'for the whole command (default: what the plan allows, a week at most)',
  },
  profile: {
    type: 'string',
    value: 'cf|kubernetes',
    help: 'whose requests the broker gets (or OSB_PROFILE; default: cf)',
  },
  url: { type: 'string', value: 'URL', help: 'a broker that is not registered (or OSB_URL)' },
  username: { type: 'string', value: 'NAME', help: 'its login (or OSB_USERNAME)' },
  password: { type: 'string', value: 'TEXT', help: 'its password; others can see it here, so rather OSB_PASSWORD' },
  'password-stdin': { type: 'boolean', help: 'read the password from the standard input' },
  'ca-file': { type: 'string', value: 'FILE', help: 'PEM of the authority of the broker’s certificate' },
  'skip-ssl-validation': { type: 'boolean', help: 'believe any certificate' },
  help: { type: 'boolean', short: 'h', help: 'how the verb is used' },
} as const satisfies OptionSpecs

export type CommonValues = ValuesOf<typeof commonOptions>
